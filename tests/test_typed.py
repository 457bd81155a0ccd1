"""The `python` that stands for a forked one: a shell must not see the difference."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from campaign import ROOT
from tests.support.commands import Commands

pytestmark = pytest.mark.slow
SAYS = "import os, sys; print(__name__, sys.argv, input(), oct(os.umask(0)), os.environ['SAID'], os.getcwd())"


@pytest.mark.parametrize(
    "typed",
    [
        f'umask 027; echo typed | SAID=here python -c "{SAYS}" one two',
        "python -c 'import sys; sys.exit(\"told on stderr\")' >&2",
        "python -c 'import os; os.kill(os.getpid(), 9)'",
        "python -c 'import os; os.kill(os.getpid(), 15)'",
        "timeout --signal=INT 1 python -c 'import time; time.sleep(30)' 2>/dev/null",
        "python build.py messages nobody list",
        "python build.py --help | tail -3",
        "cd tests && python -c 'import sys; print(sys.path[0], sys.executable)'",
        "python no-such-file.py",
    ],
)
def test_a_shell_sees_no_difference(build_py: Commands, typed: str) -> None:
    told = []
    for place in (str(Path(sys.executable).parent), str(build_py.shell)):
        environ = os.environ | {"PATH": f"{place}:{os.environ['PATH']}"}
        done = subprocess.run(
            ["bash", "-c", typed], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
        )
        said = re.sub(r"/\S*/python:", "python:", done.stderr)  # it names itself by its place
        told.append((done.returncode, done.stdout, said))
    assert told[0] == told[1]
