#!/bin/sh
# /usr/local/bin/candle-moved: gives nginx the addresses that moved, as root, from the page that another user builds.
#
# nginx reads this as its own configuration, where one broken line, an "include" or a pipe would keep it from starting.
# So it is given a file of root's, with only lines of the shape that `build.py site` writes, of at most 500 characters.
set -eu
from=${1:-/srv/candle-page/site/_moved.map}
to=${2:-/var/lib/candle-nginx/moved.map}
old='(/[A-Za-z0-9-]+)+'
line="\"~\\^$old\\(/\\(\\?<rest>\\[\\^\\?\\]\\*\\)\\)\\?\\(\\[\\?\\]\\.\\*\\)\\?\\\$\" $old/\\\$rest;"
umask 022
mkdir -p "${to%/*}"
# No link is followed and no pipe waited for.
dd if="$from" iflag=nofollow,nonblock bs=1M count=1 status=none 2>/dev/null |
    LC_ALL=C grep -axE "$line" | LC_ALL=C grep -axE '.{1,500}' > "$to.new" || true
mv -f "$to.new" "$to"
