"""The page that the results become."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path

from inits import Init, version
from scenario import Result, Scenario

Results = dict[str, dict[Init, Result]]

HEAD = """# One program under an init: pid1 beside tini, dumb-init and catatonit

Written by `tools/compare`, which runs every scenario below under each of them, in one run; `tools/compare --check` runs
them under pid1 alone and fails where it isn't right. {machine}

| | {names} |
|---|{rule}|
| version | {versions} |
| right, wrong, no such option | {scores} |

✓ right, ✗ wrong, – there is no such option. Where flags that decide who gets the signals matter, all of them are shown:
`-g`, to the program's process group; dumb-init does that by default and not with `-c`.
Each scenario runs in a PID namespace of its own, as PID 1 unless it says otherwise. What is right is this project's
opinion: some of what is marked wrong was decided so, such as that what is left is killed at once.
"""


def cell(results: dict[Init, Result], name: str) -> str:
    """What the variants have in common is said once."""
    marks = {True: "✓ ", False: "✗ ", None: ""}
    texts = {init.flags: marks[r.right] + ("–" if r.text == "no such option" else escaped(r.text))
             for init, r in results.items() if init.name == name}
    if len(set(texts.values())) == 1:
        return next(iter(texts.values()))
    return "<br>".join(f"`{' '.join(flags)}` {text}" if flags else text for flags, text in texts.items())


def escaped(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def score(scenarios: list[Scenario], results: Results, name: str) -> str:
    """With its default flags."""
    found = [next(r.right for i, r in results[s.title].items() if i.name == name) for s in scenarios]
    return ", ".join(str(found.count(verdict)) for verdict in (True, False, None))


def machine() -> str:
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    return (f"This page is from {time.strftime('%Y-%m-%d')}: Linux {platform.release().split('-')[0]}, "
            f"{os.cpu_count()} CPUs ({model}).")


def section(name: str, scenarios: list[Scenario], results: Results, names: list[str]) -> str:
    rows = [f"\n## {name}\n", f"| | {' | '.join(names)} |", "|---|" + "---|" * len(names)]
    for s in scenarios:
        cells = " | ".join(cell(results[s.title], n) for n in names)
        rows.append(f"| {escaped(s.title)} | {cells} |")
    rows.append("\nHow it is measured:\n")
    rows += [f"- *{s.title}*: {s.how}." for s in scenarios]
    return "\n".join(rows) + "\n"


def page(scenarios: list[Scenario], results: Results) -> str:
    inits = {init.name: init for found in results.values() for init in found}
    names = list(inits)
    # Where there is a right and a wrong.
    judged = [s for s in scenarios if any(r.right is not None for r in results[s.title].values())]
    head = HEAD.format(
        machine=machine(), names=" | ".join(names), rule="|".join("---" for _ in names),
        versions=" | ".join(version(n, inits[n].binary) for n in names),
        scores=" | ".join(str(score(judged, results, n)) for n in names))
    sections = dict.fromkeys(s.section for s in scenarios)
    return head + "".join(section(name, [s for s in scenarios if s.section == name], results, names)
                          for name in sections)
