"""A receiver that commits with synchronous=NORMAL: what a check of the disk must find at fault.

python -m tests.soak.careless --port PORT
"""

from __future__ import annotations

from campaign.storage import sqlite
from receiver.__main__ import main

if __name__ == "__main__":
    sqlite.DURABLE["synchronous"] = 1  # connections that do not wait for the disk
    main()
