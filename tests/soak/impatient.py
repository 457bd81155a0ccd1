"""A receiver that lets go of who reads nothing for a second, where ours waits for five minutes.

python -m tests.soak.impatient --port PORT
"""

from __future__ import annotations

from receiver.__main__ import main
from receiver.process import server

if __name__ == "__main__":
    server.SLOWEST_READER = 1
    main()
