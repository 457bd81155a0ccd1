"""Our own pipeline with a COMMIT for each message: what is left of its speed without the group commit.

python -m tests.benchmarks.receiver.alone --only public --port PORT
"""

from __future__ import annotations

from campaign.storage import writer
from receiver import __main__ as receiver

if __name__ == "__main__":
    writer.LARGEST_GROUP = 1  # a writer that takes one request at a time
    writer.REST_BETWEEN_COMMITS = 0.0
    receiver.main()
