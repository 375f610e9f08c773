"""One of the shop's workers: takes jobs from a list in redis, counts those it has done.

A job stays in a list of the worker's own until it is done, so that none is lost or done twice,
whenever the worker is stopped or killed.
"""

import os
import signal
import sys

from redis import Redis

NAME = os.environ.get("PID1_REPLICA", "1")
TAKEN = f"taken:{NAME}"


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Redis() as redis:
        while True:
            if redis("LLEN", TAKEN) == 0:
                redis("BLMOVE", "jobs", TAKEN, "LEFT", "RIGHT", 0)
            redis("MULTI")
            redis("HINCRBY", "done", NAME, 1)
            redis("LPOP", TAKEN)
            redis("EXEC")


main()
