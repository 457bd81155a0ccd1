#!/bin/sh
# Make .venv hold what a file of requirements names, and nothing else: environment.sh requirements.txt
set -eu
PYTHON="${PYTHON:-python3}"
INSTALLERS=requirements-install.txt
python=.venv/bin/python

wanted() { "$python" --version && cat "$INSTALLERS" "$1"; }
pip() { "$python" -m pip --disable-pip-version-check "$@"; }
# No build isolation: what has no wheel here is built by the pinned setuptools, not by one that nobody checked.
fetch() { pip install --quiet --no-deps --no-build-isolation --require-hashes --requirement "$1"; }
# What only Windows needs is not installed here, and must not be kept for its name.
names() { sed -n '/; sys_platform == .win32./!s/^\([A-Za-z0-9._-]*\)==.*/\1/p' | tr 'A-Z_.' 'a-z--'; }

# A copy of what was wanted is the mark of a whole installation: times say little after a checkout or a copy.
wanted "$1" 2>&1 | cmp -s - ".venv/$1" && exit 0
rm -f .venv/requirements*.txt

if ! pip --version >/dev/null 2>&1; then # no .venv yet, or its Python is gone
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
        echo "Candle needs Python 3.11 or later; name one: make PYTHON=python3.12 ..." >&2
        exit 1
    }
    "$PYTHON" -m venv .venv
fi
echo "Installing into .venv what $1 names; that may take some minutes." >&2
fetch "$INSTALLERS"
fetch "$1"
extra=$(pip list --format=freeze | names | grep -vxF "pip
$(names <"$1")") || true
# shellcheck disable=SC2086 # the list is words
[ -z "$extra" ] || pip uninstall --quiet --yes $extra
wanted "$1" >".venv/$1"
