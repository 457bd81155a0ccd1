"""The `python` that a shell of these tests finds: the project's program is forked, all else is begun.

It asks for the process and stands for it, as a shell sees one: its files, its signals, its end.
"""

import _signal
import _socket
import marshal
import os
import sys

FORKED = ("build.py", "-c")
PASSED_ON = (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP)
FILES = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))


def stand_for_it(words: list[str], place: str) -> None:
    """Have it forked, hand each signal on to it, and end as it ends."""
    _signal.pthread_sigmask(_signal.SIG_BLOCK, PASSED_ON)
    umask = os.umask(0)
    os.umask(umask)
    user = [os.geteuid(), os.getegid(), os.getgroups()] if os.geteuid() else []
    letter = {"words": words, "folder": os.getcwd(), "umask": umask, "user": user}
    told = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
    told.connect(f"{place}/socket")
    rights = (_socket.SOL_SOCKET, _socket.SCM_RIGHTS, FILES)
    told.sendmsg([marshal.dumps(letter | {"environ": dict(os.environ)})], [rights])
    process = int(told.recv(16))
    for number in PASSED_ON:
        if _signal.getsignal(number) != _signal.SIG_IGN:
            _signal.signal(number, lambda number, _frame: os.kill(process, number))
    _signal.pthread_sigmask(_signal.SIG_UNBLOCK, PASSED_ON)
    status = int(told.recv(16) or -_signal.SIGKILL)
    if status < 0:
        if -status != _signal.SIGKILL:
            _signal.signal(-status, _signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    os._exit(status)


if __name__ == "__main__":
    at, typed = os.path.dirname(sys.argv[0]), sys.argv[1:]
    if typed and typed[0] in FORKED and os.getcwd() == os.readlink(f"{at}/project"):
        stand_for_it(typed, at)
    real = os.readlink(f"{at}/real")
    os.execv(real, [real, *typed])
