"""Signals: which come through, and what an init makes of those that can't be delivered."""

from __future__ import annotations

import os
import signal
from dataclasses import replace

from ends import ranges
from inits import Init, option
from run import ACT, HELPERS, PATIENCE, Run, Unexpected, act
from scenario import NO_OPTION, Result, Scale, judged, right, scenario, wrong

SECTION = "Signals"
# KILL and STOP can't be caught, and CHLD is how the kernel tells of children.
FORWARDED = [s for s in range(1, 65) if s not in (signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD)]
NOBODY = 65534


@scenario(SECTION, f"Every signal that can be sent to it reaches the program ({len(FORWARDED)})",
          "each of 1 to 64 but KILL, STOP and CHLD is sent to PID 1; a program that blocks all of "
          "them tells which have come", every_variant=True)
def every_signal(init: Init, _: Scale) -> Result:
    with Run(init.runs(*act("block=0", "say=ready", "until=0"))) as run:
        run.hear("ready")
        # One at a time, or the others would meet a program that one has stopped.
        answers = {signo: answer(run, signo) for signo in FORWARDED}
        # On a machine that is busy some come late.
        answers |= {signo: CAME for signo in FORWARDED if run.heard(f"got {signo}")}
    came = sum(what == CAME for what in answers.values())
    texts = [f"{came} of {len(FORWARDED)}"]
    for what in (NOTHING, STOPPED):
        signals = [signo for signo, found in answers.items() if found == what]
        texts += [f"{what} {ranges(signals)}"] if signals else []
    return judged(came == len(FORWARDED), "; ".join(texts))


CAME, NOTHING, STOPPED = "came", "not", "as STOP"


def answer(run: Run, signo: int) -> str:
    """What the program has of a signal that is sent to PID 1."""
    run.send(signo)
    if run.hears(f"got {signo}", patience=0.3):
        return CAME
    program = run.hear("ready")
    if not run.status_of(program)["State"].startswith("T"):
        return NOTHING
    os.kill(run.outside(program), signal.SIGCONT)
    return STOPPED


@scenario(SECTION, "Two signals in a row arrive, both",
          "INT and then TERM to PID 1, sent while the program is stopped")
def two_signals(init: Init, _: Scale) -> Result:
    with Run(init.runs(*act("block=0", "say=ready", "until=15"))) as run:
        program = run.hear("ready")
        os.kill(run.outside(program), signal.SIGSTOP)
        run.send(signal.SIGINT)
        run.send(signal.SIGTERM)
        os.kill(run.outside(program), signal.SIGCONT)
        run.end()
        return judged(run.signals()[-2:] == [2, 15], " ".join(map(str, run.signals())))


@scenario(SECTION, "A signal can be made another one on its way",
          "`-r 15:2` (dumb-init), `-r TERM:INT` (pid1); TERM is sent", optional=True)
def rewritten(init: Init, _: Scale) -> Result:
    chosen = option(init, "TERM as INT")
    if not chosen:
        return NO_OPTION
    with Run(chosen.runs(*act("block=0", "say=ready", "until=2"))) as run:
        run.hear("ready")
        run.send(signal.SIGTERM)
        run.hear("got 2")
        run.end()
        return judged(run.signals() == [2], " ".join(f"got {s}" for s in run.signals()))


@scenario(SECTION, "It can have a signal when its parent dies",
          "`-p SIGTERM` (tini, pid1), started by another process, which ends; whether the program gets TERM",
          optional=True)
def parents_death(init: Init, _: Scale) -> Result:
    chosen = option(init, "parent's death")
    if not chosen:
        return NO_OPTION
    # PID 1, the parent, the init.
    before = ("above", "watch", "end", "above", "block=0", "say=parent", "until=10", "exit=0", "end")
    with Run(chosen.runs(*act("block=0", "say=ready", "until=15", "say=done")), before) as run:
        run.hear("ready")
        os.kill(run.outside(run.hear("parent")), signal.SIGUSR1)
        return right("works") if run.hears("done") else wrong("nothing comes")


@scenario(SECTION, "A set-user-ID program that may not be signalled: the container goes on",
          "PID 1 without rights, its program with all IDs 0; TERM is sent to PID 1, and then the "
          "program ends by itself, with 7")
def not_permitted(init: Init, _: Scale) -> Result:
    program = HELPERS / "act-setuid"
    if os.statvfs(program).f_flag & os.ST_NOSUID:
        raise Unexpected("cannot be measured: temporary files are on a nosuid mount")
    init = replace(init, binary=str(HELPERS / "inits" / init.name))
    command = init.runs(str(program), "root", "block=0", "say=ready", "until=10", "exit=7")
    with Run(command, before=(f"user={NOBODY}",)) as run:
        pid = run.hear("ready")
        run.send(signal.SIGTERM)
        # Read and dealt with, or the end of it.
        if run.hears("got 15", patience=0.3):
            raise Unexpected("TERM came through")
        if not run.has_ended():
            os.kill(run.outside(pid), signal.SIGUSR1)
        code = run.end()
    return right("goes on") if code == 7 else wrong(f"it exits with {code}, and the program is killed")


@scenario(SECTION, "A signal to the container reaches `app` under `sh -c 'app; exit $?'`",
          "TERM to PID 1; whether `app`, a child of the shell, sees it and can work for 100 ms more",
          every_variant=True)
def under_a_shell(init: Init, _: Scale) -> Result:
    script = f"{ACT} block=0 say=ready until=15 nap=100 say=cleaned exit=5; exit $?"
    with Run(init.runs("sh", "-c", script)) as run:
        run.hear("ready")
        run.send(signal.SIGTERM)
        code = run.end(2 * PATIENCE)
        saw = "cleaned up" if run.heard("cleaned") else "saw TERM" if run.heard("got 15") else "saw nothing"
    return judged(saw == "cleaned up", f"{saw}, exit {code}")
