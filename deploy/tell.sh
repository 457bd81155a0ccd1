#!/bin/sh
# /usr/local/bin/candle-tell: sends what a failed unit has said. $1 is the unit; its lines come on the standard input:
# numbers, days, paths, addresses of this installation, and no supporter's words.
#
# Take the "#" off one of the two, and put your own address there. Until then nothing leaves this machine.
set -eu
# exec mail -s "Candle: $1" you@example.org
# exec curl -fsS --data-binary @- -H "Title: Candle: $1" https://push.example.org/YOUR-TOPIC
cat >&2
echo "candle-tell: nobody was told that $1 failed: fill in /usr/local/bin/candle-tell" >&2
