"""Our own pipeline with a COMMIT for each message: what is left of its speed without the group commit.

python -m tests.benchmarks.receiver.alone --only public --port PORT
"""

from __future__ import annotations

import sys

from flask import Flask

from campaign.storage import writer
from receiver import __main__ as receiver


def worker() -> Flask:
    """Make the public half, with a writer that takes one request at a time."""
    writer.LARGEST_GROUP = 1
    return receiver.public_worker()


if __name__ == "__main__":
    receiver.serve("127.0.0.1", int(sys.argv[-1]), "tests.benchmarks.receiver.alone:worker")
