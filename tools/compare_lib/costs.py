"""What it takes: wake-ups, time, memory, disk. Only the wake-ups can be wrong."""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import time

from inits import Init
from run import HELPERS, Run, act, eventually, rig
from scenario import Result, Scale, in_turns, judged, scenario

SECTION = "What it takes"


@scenario(SECTION, "It never wakes up while nothing happens",
          "PID 1's context switches in five seconds (two with --quick), all of them side by side")
def idle(init: Init, scale: Scale) -> Result:
    with Run(init.runs(*act("block=0", "say=ready", "until=15"))) as run:
        run.hear("ready")
        eventually(lambda: rig.status(run.pid)["State"].startswith("S"))
        before = rig.usage([run.pid])
        time.sleep(scale.idle_seconds)
        used = rig.usage([run.pid]).minus(before)
    count = used.voluntary + used.involuntary
    return judged(count == 0, f"{count} in {scale.idle_seconds:.0f} s")


@in_turns(SECTION, "Start, stop: milliseconds", "from just before the init's exec to the program's first "
          "instruction; from TERM to the end of the namespace, with a program that ends at once; "
          "medians of rounds in which they take turns. tools/bench measures this with more care")
def life(inits: list[Init], scale: Scale) -> dict[Init, Result]:
    rig.calm()
    rounds = [[one_life(init) for init in inits] for _ in range(scale.cost_rounds)]
    results = {}
    for init, lives in zip(inits, zip(*rounds)):
        start, stop = (statistics.median(times) / 1e6 for times in zip(*lives))
        results[init] = Result(None, f"{start:.2f}; {stop:.2f}")
    return results


def one_life(init: Init) -> tuple[int, int]:
    """Nanoseconds."""
    with Run(init.runs(str(HELPERS / "svc"))) as run:
        began = run.record(rig.EXEC).ts
        ran = run.record(rig.START).ts
        asked = rig.now()
        run.send(signal.SIGTERM)
        return ran - began, run.record(rig.EXIT).ts - asked


@scenario(SECTION, "Memory: resident; its own alone", "VmRSS, and what is private (smaps_rollup), while it "
          "waits for its program")
def resident(init: Init, _: Scale) -> Result:
    with Run(init.runs(*act("block=0", "say=ready", "until=15"))) as run:
        run.hear("ready")
        found = rig.memory([run.pid])
    return Result(None, f"{found['rss']} KiB; {found['uss']} KiB")


@scenario(SECTION, "Size: the file; with the libraries that it needs", "bytes of the files; ldd")
def size(init: Init, _: Scale) -> Result:
    own = os.path.getsize(os.path.realpath(init.binary))
    whole = own + sum(map(os.path.getsize, libraries(init.binary)))
    return Result(None, f"{own / 1024:.0f} KiB; {whole / 1024:.0f} KiB")


def libraries(binary: str) -> list[str]:
    said = subprocess.run(["ldd", binary], text=True, capture_output=True, check=False).stdout
    return [os.path.realpath(path) for path in re.findall(r"(/\S+) \(0x", said)]
