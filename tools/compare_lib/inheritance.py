"""What the program is given, compared with what the init itself was given."""

from __future__ import annotations

import os
import signal

from inits import Init
from run import Run, act
from scenario import Result, Scale, judged, right, scenario, wrong

SECTION = "What the program inherits"
# A mask and ignored signals that a parent may leave behind, the C library's own and real-time ones too.
UNUSUAL = ("ignore=1", "ignore=13", "ignore=40", "block=10", "block=20", "block=34")


def names(mask: int) -> str:
    found = [s for s in range(1, 65) if mask >> (s - 1) & 1]
    named = {s.value: s.name[3:] for s in signal.Signals if s.value < 32}
    return " ".join(named.get(s, str(s)) for s in found)


def signals_of(command: list[str], before: tuple[str, ...]) -> tuple[int, int]:
    """Those that the program blocks, and those that it ignores."""
    with Run(command, before) as run:
        status = run.status_of(run.hear("ready"))
        return int(status["SigBlk"], 16), int(status["SigIgn"], 16)


def difference(init: Init, before: tuple[str, ...]) -> str:
    # Without an init, and as PID 1: what was there to inherit.
    program = act("say=ready", "nap=60000")
    blocked, ignored = signals_of(program, before)
    has_blocked, has_ignored = signals_of(init.runs(*program), before)
    faults = [
        f"{what} {names(mask)}" for what, mask in (
            ("blocked:", has_blocked & ~blocked),
            ("no longer blocked:", blocked & ~has_blocked),
            ("ignored:", has_ignored & ~ignored),
            ("no longer ignored:", ignored & ~has_ignored),
        ) if mask
    ]
    return "; ".join(faults)


@scenario(SECTION, "No signal is blocked or ignored that wasn't before",
          "SigBlk and SigIgn of the program in /proc, beside those of the same program without an "
          "init; nothing is blocked or ignored")
def usual_signals(init: Init, _: Scale) -> Result:
    faults = difference(init, ("say=x",))
    return judged(not faults, faults or "as inherited")


@scenario(SECTION, "The mask and the ignored signals are as they were",
          "the same, where HUP, PIPE and 40 are ignored and USR1, TSTP and 34 are blocked")
def unusual_signals(init: Init, _: Scale) -> Result:
    faults = difference(init, UNUSUAL)
    return judged(not faults, faults or "as inherited")


def descriptors(run: Run, pid: int) -> dict[str, str]:
    found = {}
    for fd in os.listdir(run.proc(pid, "fd")):
        try:
            found[fd] = os.readlink(run.proc(pid, f"fd/{fd}"))
        except FileNotFoundError:
            pass
    return found


def surroundings(command: list[str], before: tuple[str, ...]) -> dict[str, object]:
    with Run(command, before) as run:
        pid = run.hear("ready")
        fds = descriptors(run, pid)
        environment = run.proc(pid, "environ").read_bytes().split(b"\0")
        here = str(run.dir)
        return {
            "working directory": os.readlink(run.proc(pid, "cwd")),
            "umask": run.status_of(pid)["Umask"],
            "limits": run.proc(pid, "limits").read_text(),
            # Not the one that it has said “ready” by, and may not have closed yet.
            "descriptors": sorted((fd, path.replace(here, "")) for fd, path in fds.items()
                                  if path != f"{here}/report"),
            "environment": sorted(e.replace(here.encode(), b"") for e in environment),
        }


@scenario(SECTION, "Working directory, umask, limits, descriptors and environment are untouched",
          "those of the program in /proc, beside those of the same program without an init; the "
          "directory is /usr, the umask 027, descriptor 7 is open, FOO is set")
def same_surroundings(init: Init, _: Scale) -> Result:
    before = ("cwd=/usr", "umask=027", "open=7:/dev/null", "env=FOO=a b")
    program = act("say=ready", "nap=60000")
    expected, found = surroundings(program, before), surroundings(init.runs(*program), before)
    changed = [what for what in expected if expected[what] != found[what]]
    return judged(not changed, "changed: " + ", ".join(changed) if changed else "untouched")


@scenario(SECTION, "Socket activation works: LISTEN_PID is the program's",
          "LISTEN_FDS=1, LISTEN_PID=1; LISTEN_PID in the program's environment beside its process ID")
def listen_pid(init: Init, _: Scale) -> Result:
    before = ("open=3:/dev/null", "env=LISTEN_FDS=1", "env=LISTEN_PID=1")
    with Run(init.runs(*act("say=ready", "nap=60000")), before) as run:
        pid = run.hear("ready")
        environment = run.proc(pid, "environ").read_bytes().split(b"\0")
    return right("works") if f"LISTEN_PID={pid}".encode() in environment else wrong("the init's own")


@scenario(SECTION, "It runs whatever its standard streams are",
          "stdin closed; all three closed; stdin a pipe; stdin a terminal that doesn't control the "
          "session; a program that exits with 7. It has nothing to say about them")
def streams(init: Init, _: Scale) -> Result:
    keyboard, screen = os.openpty()
    cases = {
        "stdin closed": ("close=0",),
        "all closed": ("close=0", "close=1", "close=2"),
        "a pipe": ("piped",),
        "another's terminal": (f"open=0:{os.ttyname(screen)}",),
    }
    faults = []
    for name, before in cases.items():
        with Run(init.runs(*act("exit=7")), before) as run:
            code = run.end()
            if code != 7:
                faults.append(f"{name}: exit {code}")
            elif run.output():
                faults.append(f"{name}: complains")
    os.close(keyboard)
    os.close(screen)
    return judged(not faults, "; ".join(faults) or "runs")


@scenario(SECTION, "Started with SIGCHLD ignored, it sees its program end",
          "a program that exits with 7; ten seconds' patience")
def child_ignored(init: Init, _: Scale) -> Result:
    with Run(init.runs(*act("exit=7")), ("ignore=17",)) as run:
        code = run.end()
    return judged(code == 7, f"exit {code}")


@scenario(SECTION, "Started with every signal blocked, it sees its program end, and forwards TERM",
          "all 64 are in the mask that it inherits; the program waits for TERM and exits with 7")
def all_blocked(init: Init, _: Scale) -> Result:
    with Run(init.runs(*act("block=0", "say=ready", "until=15", "exit=7")), ("block=0",)) as run:
        run.hear("ready")
        run.send(signal.SIGTERM)
        code = run.end()
    return judged(code == 7, f"exit {code}")
