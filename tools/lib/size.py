#!/usr/bin/env python3
"""Measures what pid1 costs and compares it with its limits.

usage: size.py BINARY        as root, or where a user may make namespaces

Each run is PID 1 of a fresh PID namespace, with services that do nothing. Exits 1 where a limit does
not hold.
"""

import os
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Iterator, NamedTuple

MAX_BINARY_KB = 4096
MAX_RESIDENT_KB = 2560
MAX_SERVICE_KB = 4
MAX_SWITCHES = 0

FEW, MANY, WATCHED = 1, 201, 50
IDLE_SECONDS = 10
DEADLINE_SECONDS = 60
PT_INTERP = 3


class Figure(NamedTuple):
    what: str
    value: float
    limit: float
    unit: str

    @property
    def holds(self) -> bool:
        return self.value <= self.limit


def needs_loader(binary: Path) -> bool:
    """Whether an ELF64 program names a dynamic loader: elf(5)."""
    image = binary.read_bytes()
    table, size, count = (*struct.unpack_from("<Q", image, 32), *struct.unpack_from("<HH", image, 54))
    kinds = (struct.unpack_from("<I", image, table + i * size)[0] for i in range(count))
    return PT_INTERP in kinds


def configuration(services: int) -> str:
    lines = ["services:"]
    for i in range(services):
        lines += [f"  idle-{i}:", "    command: [/bin/sleep, infinity]"]
    return "\n".join(lines) + "\n"


def children(pid: int) -> list[int]:
    return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def awaited(what: str, condition: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"size: {what} did not happen within {DEADLINE_SECONDS} s")
        time.sleep(0.01)


def executed(pid: int, program: str) -> bool:
    try:
        return os.readlink(f"/proc/{pid}/exe").endswith(program)
    except OSError:
        return False


@contextmanager
def running(binary: Path, services: int) -> Iterator[int]:
    """pid1 with so many services, all of which have started; its pid as we see it."""
    namespace = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if os.geteuid() != 0:
        namespace += ["--user", "--map-root-user"]
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:
        config.write(configuration(services))
        config.flush()
        command = [*namespace, str(binary), "--config", config.name]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as process:
            try:
                awaited("the start of pid1", lambda: bool(
                    process.poll() is not None or children(process.pid)))
                if process.poll() is not None:
                    sys.exit(f"size: cannot run {binary} in a PID namespace (exit {process.returncode})")
                init = children(process.pid)[0]
                awaited(f"the start of {services} services", lambda: len(
                    [c for c in children(init) if executed(c, "/sleep")]) == services)
                yield init
                os.kill(init, signal.SIGTERM)
                process.wait(DEADLINE_SECONDS)
            finally:
                process.kill()


def status(pid: int, key: str) -> int:
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"^{key}:\s+(\d+)", text, re.MULTILINE)[1])


def switches(pid: int) -> int:
    return status(pid, "voluntary_ctxt_switches") + status(pid, "nonvoluntary_ctxt_switches")


def settled_resident_kb(pid: int) -> int:
    """After the loop went to sleep: where two looks in a row agree."""
    seen: list[int] = []
    awaited("an end to the work after the start", lambda: (
        seen.append(switches(pid)) or time.sleep(0.2) or switches(pid) == seen[-1]))
    return status(pid, "VmRSS")


def resident_kb(binary: Path, services: int) -> int:
    with running(binary, services) as init:
        return settled_resident_kb(init)


def idle_switches(binary: Path) -> int:
    with running(binary, WATCHED) as init:
        settled_resident_kb(init)
        before = switches(init)
        time.sleep(IDLE_SECONDS)
        return switches(init) - before


def main() -> int:
    binary = Path(sys.argv[1])
    alone, together = resident_kb(binary, FEW), resident_kb(binary, MANY)
    figures = [
        Figure("binary", binary.stat().st_size / 1024, MAX_BINARY_KB, "KiB"),
        Figure("dynamic loader", int(needs_loader(binary)), 0, ""),
        Figure("resident with one service", alone, MAX_RESIDENT_KB, "KiB"),
        Figure("for each further idle service", (together - alone) / (MANY - FEW), MAX_SERVICE_KB, "KiB"),
        Figure(f"context switches in {IDLE_SECONDS} s, {WATCHED} idle services",
               idle_switches(binary), MAX_SWITCHES, ""),
    ]
    for figure in figures:
        mark = "ok      " if figure.holds else "TOO MUCH"
        print(f"{mark}  {figure.what:46} {figure.value:9.6g} {figure.unit:3} (at most {figure.limit:g})")
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
