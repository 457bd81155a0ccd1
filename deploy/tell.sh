#!/bin/sh
# /usr/local/bin/candle-tell: sends what a failed unit has said. $1 is the unit; its lines come on the standard input:
# numbers, days, paths, addresses of this installation, and no supporter's words.
#
# Fill in one of the two, a push service or a mailbox, and take its "#" off. Until then nothing leaves this machine.
# Mail goes straight to your provider: a mail program of this machine wants rights that the unit does not give.
set -eu
PUSH= # https://push.example.org/YOUR-TOPIC
MAIL= # you@example.org
SMTP= # smtps://mail.example.org
SMTP_USER= # YOUR-NAME:YOUR-PASSWORD
AGAIN="--retry 8 --retry-connrefused" # for some minutes, where the network or the service is away

if [ -n "$PUSH" ]; then
    exec curl -fsS --max-time 60 $AGAIN --data-binary @- -H "Title: Candle: $1" "$PUSH"
elif [ -n "$MAIL" ]; then
    # Each line ends as mail wants it: some servers take a lone "." between other line ends for the mail's end, and what
    # follows for commands of yours. curl doubles the dot after the right ones.
    { printf 'From: %s\nTo: %s\nSubject: Candle: %s\n\n' "$MAIL" "$MAIL" "$1"; cat; } |
        tr -d '\r' | sed "s/\$/$(printf '\r')/" |
        curl -fsS --max-time 60 $AGAIN --ssl-reqd --mail-from "$MAIL" --mail-rcpt "$MAIL" -K /dev/fd/3 -T - "$SMTP" 3<<END
user = "$SMTP_USER"
END
else
    cat >&2
    echo "candle-tell: nobody was told that $1 failed: fill in /usr/local/bin/candle-tell" >&2
fi
