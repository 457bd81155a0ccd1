#!/bin/sh
# Install, or report, the system tools that the tests use. As root on Debian they are installed; elsewhere
# they are named. --required: a missing tool is an error. --report: only say what is missing.
set -u
PACKAGES="chromium chromium-headless-shell firefox-esr poppler-utils qpdf ghostscript redis-server nginx-light openssl curl wrk strace valgrind unicode-data
openjdk-17-jre-headless libpdfbox2-java libactivation-java libjaxb-api-java"
NEEDED="chromium firefox-esr pdftotext qpdf gs redis-server nginx openssl curl strace java"

missing() {
    for tool in $NEEDED; do
        command -v "$tool" >/dev/null 2>&1 || printf '%s ' "$tool"
    done
    [ -e /usr/share/java/pdfbox2.jar ] || printf 'pdfbox '
    [ -e /usr/share/unicode/BidiCharacterTest.txt ] || printf 'unicode-data '
}

installable() {
    [ "$1" != --report ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1
}

lacking=$(PATH="$PATH:/usr/sbin"; missing)
# The tests go on without Chromium's own program for no windows, but are slower.
lighter=$(command -v chromium-headless-shell)
if installable "${1:-}" && { [ -n "$lacking" ] || [ -z "$lighter" ]; }; then
    timeout 120 apt-get update -qq
    # shellcheck disable=SC2086 # the list is words
    DEBIAN_FRONTEND=noninteractive timeout 600 apt-get install -y -qq --no-install-recommends $PACKAGES >/dev/null
    lacking=$(PATH="$PATH:/usr/sbin"; missing)
fi
[ -z "$lacking" ] && exit 0
echo "missing system tools: $lacking (Debian packages: $(echo $PACKAGES)); tests that need them are skipped" >&2
[ "${1:-}" = --required ] && exit 1
exit 0
