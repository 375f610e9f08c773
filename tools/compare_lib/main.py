#!/usr/bin/env python3
"""Runs the scenarios under each init and writes the comparison. tools/compare calls this.

COMPARE_PID1, COMPARE_TINI, COMPARE_DUMB_INIT and COMPARE_CATATONIT name binaries other than those
on PATH.
"""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import costs
import ends
import forwarding
import inheritance
import leftovers
import start
import terminal
from inits import KINDS, Init
from report import page
from run import Unexpected, build_helpers, remove_helpers, rig
from scenario import FULL, QUICK, SCENARIOS, Result, Scale, Scenario

# Each has added its scenarios to the list; this is the page's order.
SECTIONS = [module.SECTION for module in
            (ends, forwarding, start, inheritance, leftovers, terminal, costs)]


def measured(scenario: Scenario, init: Init, scale: Scale) -> Result:
    try:
        return scenario.measure(init, scale)
    except Unexpected as unexpected:
        return Result(False, str(unexpected))
    # What is asked for in /proc is gone.
    except (FileNotFoundError, ProcessLookupError) as gone:
        return Result(False, f"ended early: {gone.strerror}")


def measured_in_turns(scenario: Scenario, inits: list[Init], scale: Scale) -> dict[Init, Result]:
    try:
        return scenario.measure_all(inits, scale)
    except Unexpected as unexpected:
        return {init: Result(False, str(unexpected)) for init in inits}


def variants(scenario: Scenario, names: list[str]) -> list[Init]:
    found = []
    for name in names:
        kind = KINDS[name]
        flags = kind.variants if scenario.every_variant else kind.variants[:1]
        found += [Init(name, str(kind.find()), chosen) for chosen in flags]
    return found


def run_all(scenarios: list[Scenario], names: list[str], scale: Scale) -> dict[str, dict[Init, Result]]:
    results = {}
    with ThreadPoolExecutor(max_workers=8) as pool:
        for scenario in scenarios:
            inits = variants(scenario, names)
            if scenario.measure_all:
                results[scenario.title] = measured_in_turns(scenario, inits, scale)
            else:
                run_each = map if scenario.alone else pool.map
                found = run_each(lambda init: measured(scenario, init, scale), inits)
                results[scenario.title] = dict(zip(inits, found))
            tell(scenario, results[scenario.title])
    return results


def tell(scenario: Scenario, results: dict[Init, Result]) -> None:
    print(f"{scenario.section}: {scenario.title}", file=sys.stderr)
    marks = {True: "✓", False: "✗", None: " "}
    for init, result in results.items():
        name = " ".join((init.name, *init.flags))
        print(f"  {marks[result.right]} {name:14} {result.text}", file=sys.stderr, flush=True)


def faults(scenarios: list[Scenario], results: dict[str, dict[Init, Result]]) -> list[str]:
    """Where one isn't right, or lacks an option."""
    return [
        f"{scenario.title}: {' '.join((init.name, *init.flags))}: {result.text}"
        for scenario in scenarios for init, result in results[scenario.title].items()
        if result.right is False or (scenario.optional and result.right is None)
    ]


def check(scenarios: list[Scenario], results: dict[str, dict[Init, Result]]) -> int:
    found = faults(scenarios, results)
    for fault in found:
        print(f"wrong: {fault}", file=sys.stderr)
    print(f"{len(scenarios) - len({f.split(': ')[0] for f in found})} of {len(scenarios)} scenarios are right")
    return 1 if found else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools/compare", description="Runs the same scenarios under tini, "
                                     "dumb-init, catatonit and pid1.")
    parser.add_argument("--check", action="store_true", help="pid1 alone; exit 1 unless it is always right")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, and less time to be idle in")
    parser.add_argument("--inits", metavar="NAME,…", help="these only: " + ", ".join(KINDS))
    parser.add_argument("--match", metavar="TEXT", default="", help="scenarios with this in their title only")
    parser.add_argument("--out", metavar="FILE", type=Path, help="the page, in Markdown")
    return parser.parse_args()


def main() -> int:
    given = arguments()
    names = given.inits.split(",") if given.inits else ["pid1"] if given.check else list(KINDS)
    missing = [name for name in names if name not in KINDS or not KINDS[name].find()]
    if missing:
        sys.exit(f"tools/compare: cannot find {', '.join(missing)}")
    if os.geteuid() != 0:
        sys.exit("tools/compare: cannot make namespaces: be root")
    scenarios = sorted((s for s in SCENARIOS if given.match in s.title),
                       key=lambda s: SECTIONS.index(s.section))
    rig.join_weighted_cgroup()
    try:
        build_helpers({name: str(KINDS[name].find()) for name in names})
        results = run_all(scenarios, names, QUICK if given.quick else FULL)
    finally:
        remove_helpers()
    if given.out:
        given.out.write_text(page(scenarios, results))
    return check(scenarios, results) if given.check else 0


if __name__ == "__main__":
    sys.exit(main())
