"""What a scenario is, and the list of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from inits import Init


@dataclass(frozen=True)
class Scale:
    """How much is done."""
    race_rounds: int
    cost_rounds: int
    idle_seconds: float


FULL = Scale(race_rounds=2000, cost_rounds=21, idle_seconds=5.0)
QUICK = Scale(race_rounds=100, cost_rounds=5, idle_seconds=2.0)


@dataclass(frozen=True)
class Result:
    """right: None where there is no such option, or where nothing is right or wrong."""
    right: bool | None
    text: str


NO_OPTION = Result(None, "no such option")


@dataclass(frozen=True)
class Scenario:
    section: str
    title: str
    how: str
    measure: Callable[[Init, Scale], Result] | None
    # Instead of that, for what can be compared only when they take turns.
    measure_all: Callable[[list[Init], Scale], dict[Init, Result]] | None
    # Also with the flags that decide who gets the signals.
    every_variant: bool
    # Not while others run.
    alone: bool
    # An option that only some have: others aren't wrong, pid1 without it would be.
    optional: bool


SCENARIOS: list[Scenario] = []


def scenario(section: str, title: str, how: str, *, every_variant: bool = False,
             alone: bool = False, optional: bool = False):
    """Adds the function under it to the list, in the order of the files and of the page."""
    def add(measure: Callable[[Init, Scale], Result]):
        SCENARIOS.append(Scenario(section, title, how, measure, None, every_variant, alone, optional))
        return measure
    return add


def in_turns(section: str, title: str, how: str):
    """The same for a function that measures all of them, with their default flags, by turns."""
    def add(measure_all: Callable[[list[Init], Scale], dict[Init, Result]]):
        SCENARIOS.append(Scenario(section, title, how, None, measure_all, False, True, False))
        return measure_all
    return add


def right(text: str) -> Result:
    return Result(True, text)


def wrong(text: str) -> Result:
    return Result(False, text)


def judged(holds: bool, text: str) -> Result:
    return Result(holds, text)


def plural(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
