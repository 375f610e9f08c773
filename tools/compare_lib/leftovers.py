"""Processes that the program leaves behind, while it runs and when it has ended."""

from __future__ import annotations

import os
import signal
import subprocess
import time

from inits import Init, option
from run import Run, Unexpected, act, eventually
from scenario import NO_OPTION, Result, Scale, judged, plural, right, scenario, wrong

SECTION = "Processes that are left behind"


def service(name: str, work_ms: int) -> tuple[str, ...]:
    """Works on for a while after TERM, then says so."""
    return ("block=0", f"say={name} ready", "until=15", f"nap={work_ms}", f"say={name} cleaned", "exit=0")


def daemon(name: str, work_ms: int) -> tuple[str, ...]:
    """In a session of its own, its parent gone."""
    return ("child", "setsid", "child", *service(name, work_ms), "end", "end")


@scenario(SECTION, "Orphans are reaped at once",
          "the program leaves 300 dead grandchildren; zombies in /proc while it runs on")
def orphans(init: Init, _: Scale) -> Result:
    with Run(init.runs(*act("orphans=300", "block=0", "say=ready", "until=15"))) as run:
        run.hear("ready")
        # The program may be ready before the last of them has ended: init and it are to be alone.
        eventually(lambda: len(run.pids()) == 2, 3)
        left = zombies(run)
        return judged(not left, plural(left, "zombie") + " left")


def zombies(run: Run) -> int:
    count = 0
    for pid in run.pids():
        try:
            count += run.status_of(pid)["State"].startswith("Z")
        except (OSError, KeyError):
            pass
    return count


@scenario(SECTION, "Zombies of a program that never waits are gone when it is",
          "a daemon makes 50 zombies and ends, while the program runs on")
def zombies_of_a_neighbour(init: Init, _: Scale) -> Result:
    # The daemon's parent stays a zombie of the program, which alone can wait for it.
    words = ("child", "child", "block=0", "zombies=50", "say=zombies", "until=10", "exit=0", "end", "end",
             "block=0", "say=ready", "until=15")
    with Run(init.runs(*act(*words))) as run:
        run.hear("ready")
        maker = run.hear("zombies")
        signal_inside(run, maker, signal.SIGUSR1)
        eventually(lambda: zombies(run) <= 1, 3)
        left = zombies(run)
        return judged(left <= 1, plural(max(0, left - 1), "zombie") + " left")


def signal_inside(run: Run, pid: int, signo: int) -> None:
    os.kill(run.outside(pid), signo)


@scenario(SECTION, "Slow and fast services and a setsid daemon all clean up before the end",
          "a program that dies of TERM at once has a child that needs 20 ms after TERM, one that "
          "needs 400 ms, and a daemon in its own session that needs 200 ms; who has said so",
          every_variant=True)
def all_clean_up(init: Init, _: Scale) -> Result:
    names = ["fast", "slow", "daemon"]
    words = ("child", *service("fast", 20), "end", "child", *service("slow", 400), "end",
             *daemon("daemon", 200), "say=main ready", "nap=60000")
    with Run(init.runs(*act(*words))) as run:
        for name in [*names, "main"]:
            run.hear(f"{name} ready")
        run.send(signal.SIGTERM)
        code = run.end()
        done = [name for name in names if run.heard(f"{name} cleaned")]
    text = "all" if done == names else ", ".join(done) or "none"
    return judged(done == names and code == 143, f"{text}; exit {code}")


@scenario(SECTION, "What the program leaves behind gets a grace",
          "the program exits with 3; its daemon in another session needs 200 ms after TERM")
def leftovers_get_a_grace(init: Init, _: Scale) -> Result:
    words = (*daemon("daemon", 200), "block=0", "say=main ready", "until=10", "exit=3")
    with Run(init.runs(*act(*words))) as run:
        run.hear("daemon ready")
        end_program(run)
        code = run.end()
        saw = ("cleaned up" if run.heard("daemon cleaned") else
               "got TERM, was killed" if run.heard("got 15") else "killed")
    return judged(saw == "cleaned up" and code == 3, f"{saw}, exit {code}")


def end_program(run: Run) -> None:
    signal_inside(run, run.hear("main ready"), signal.SIGUSR1)


@scenario(SECTION, "One that is deaf to TERM keeps the container no longer than it may",
          "the program exits with 3 and leaves a daemon that blocks TERM; `-t 300ms` for pid1")
def deaf_leftover(init: Init, _: Scale) -> Result:
    return with_a_deaf_daemon(option(init, "short grace") or init)


@scenario(SECTION, "It can end at once, whatever is left", "the same; `-t 0` for pid1")
def no_grace(init: Init, _: Scale) -> Result:
    return with_a_deaf_daemon(option(init, "no grace") or init)


def with_a_deaf_daemon(init: Init) -> Result:
    words = ("child", "setsid", "block=0", "say=deaf ready", "nap=60000", "end",
             "block=0", "say=main ready", "until=10", "exit=3")
    with Run(init.runs(*act(*words))) as run:
        run.hear("deaf ready")
        run.hear("main ready")
        began = time.monotonic()
        end_program(run)
        code = run.end()
        took = time.monotonic() - began
    # A machine that is busy needs some time too; ten seconds are the default grace of everybody.
    return judged(code == 3 and took < 3, f"exit {code} after {took:.1f} s")


@scenario(SECTION, "It can end only when everything has ended",
          "`--wait-all` (pid1): the program exits with 3, its daemon works for 300 ms more",
          optional=True)
def waits_for_all(init: Init, _: Scale) -> Result:
    chosen = option(init, "wait for all")
    if not chosen:
        return NO_OPTION
    words = ("child", "setsid", "child", "nap=300", "say=done", "exit=0", "end", "end", "exit=3")
    with Run(chosen.runs(*act(*words))) as run:
        code = run.end()
        return right(f"waits, exit {code}") if run.heard("done") and code == 3 else wrong(
            f"doesn't wait, exit {code}")


@scenario(SECTION, "As a pause container it reaps, and TERM ends it with 0",
          "`-P` (catatonit), `--pause` (pid1); another process joins the namespace, leaves 50 dead "
          "grandchildren and ends; then TERM", optional=True)
def pauses(init: Init, _: Scale) -> Result:
    chosen = option(init, "pause")
    if not chosen:
        return NO_OPTION
    with Run([chosen.binary, *chosen.flags]) as run:
        joined = subprocess.run(["nsenter", "--target", str(run.pid), "--pid", "--mount",
                                 *act("orphans=50")], check=False, env={}).returncode
        if joined != 0:
            raise Unexpected("nobody can join it")
        eventually(lambda: not zombies(run), 3)
        left = zombies(run)
        run.send(signal.SIGTERM)
        code = run.end()
    return judged(code == 0 and not left, f"exit {code}, {plural(left, 'zombie')}")


@scenario(SECTION, "It does its work where it isn't PID 1",
          "as the child of another process, without flags: whether an orphan of the program becomes "
          "its child and is ended with it; what it prints; whether a bystander gets a signal. tini has -s "
          "for the first")
def not_pid_1(init: Init, _: Scale) -> Result:
    bystander = ("child", "block=0", "say=bystander ready", "until=15", "end")
    above = ("above", "watch", "end")
    words = (*daemon("daemon", 0), "block=0", "say=main ready", "until=10", "exit=3")
    with Run(init.runs(*act(*words)), (*bystander, *above)) as run:
        stranger = run.hear("bystander ready")
        main = run.hear("main ready")
        orphan = run.hear("daemon ready")
        parent = run.status_of(main)["PPid"]
        adopted = eventually(lambda: run.status_of(orphan)["PPid"] == parent, 2)
        signal_inside(run, main, signal.SIGUSR1)
        run.hear("exit 3")
        harmed = f"{stranger} got 15" in run.said
        left = not run.heard("daemon cleaned")
        lines = len(run.output().splitlines())
    faults = [] if adopted else ["does not adopt"]
    faults += [f"prints {plural(lines, 'line')}"] if lines else []
    faults += ["leaves the orphan running"] if left else []
    faults += ["a bystander got TERM"] if harmed else []
    return judged(not faults, ", ".join(faults) or "works")
