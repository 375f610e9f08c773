"""A stop that comes while the start is under way: `docker stop` right after `docker run`."""

from __future__ import annotations

from inits import Init
from run import HELPERS, Run, Unexpected
from scenario import Result, Scale, judged, scenario

SECTION = "A SIGTERM during the start"
SENTRY = str(HELPERS / "sentry")


def race(init: Init, mode: str, rounds: int) -> dict[str, int]:
    """See helpers/race.c."""
    with Run([str(HELPERS / "race"), mode, str(rounds), *init.runs(SENTRY, "9")]) as run:
        if run.end(120) != 0:
            raise Unexpected(run.output().strip() or "cannot be measured")
        numbers = map(int, run.output().split())
    return dict(zip(("early", "lost", "seen", "ended", "hung"), numbers, strict=True))


@scenario(SECTION, "As PID 1 it loses none from the moment on that it blocks or handles SIGTERM",
          "TERM is sent once a start, at moments spread evenly from the exec until the program runs, "
          "and a quarter longer; lost: the program runs, hasn't seen it, and has seen a signal that was "
          "sent later and has a higher number. Rounds in which /proc shows that the kernel would drop "
          "it don't count", every_variant=True, alone=True)
def as_pid_1(init: Init, scale: Scale) -> Result:
    found = race(init, "first", scale.race_rounds)
    return verdict(found, scale.race_rounds - found["early"])


@scenario(SECTION, "Not as PID 1 it loses none from its exec on",
          "the same, as another process's child: until the init guards against TERM, it dies of it, "
          "which isn't a loss", every_variant=True, alone=True)
def as_another(init: Init, scale: Scale) -> Result:
    return verdict(race(init, "other", scale.race_rounds), scale.race_rounds)


def verdict(found: dict[str, int], rounds: int) -> Result:
    text = f"{found['lost']} of {rounds} lost"
    if found["hung"]:
        text += f", {found['hung']} hung"
    return judged(found["lost"] == found["hung"] == 0, text)
