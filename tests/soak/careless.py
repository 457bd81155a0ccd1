"""A receiver that commits with synchronous=NORMAL: what a check of the disk must find at fault.

python -m tests.soak.careless --port PORT
"""

from __future__ import annotations

import sys

from flask import Flask

from campaign.storage import sqlite
from receiver import __main__ as receiver


def worker() -> Flask:
    """Make the app, on connections that do not wait for the disk."""
    sqlite.DURABLE["synchronous"] = 1
    return receiver.worker()


if __name__ == "__main__":
    receiver.serve("127.0.0.1", int(sys.argv[-1]), "tests.soak.careless:worker")
