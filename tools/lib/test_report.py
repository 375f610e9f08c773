#!/usr/bin/env python3
"""Says what a run of tests came to.

usage: test_report.py EVENTS…    EVENTS: what bazel test --build_event_json_file= wrote

Prints the log of every test that failed, and as the last line "N passed, M failed", counted in test
cases where the test tells them apart. A case that was skipped has failed: it shows nothing. So has a
target that cannot be built, and a run without a single test.
"""

import json
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlparse


class Cases(NamedTuple):
    passed: int
    failed: list[str]


class Target(NamedTuple):
    status: str
    log: Path | None
    xml: Path | None


def path_of(outputs: list[dict], name: str) -> Path | None:
    for output in outputs:
        if output["name"] == name and output.get("uri", "").startswith("file://"):
            return Path(unquote(urlparse(output["uri"]).path))
    return None


def read_events(path: str, tests: dict[str, Target], broken: dict[str, str]) -> None:
    """The same test may be there more than once, in several configurations: each has its file."""
    run = f" ({Path(path).stem})"
    for line in Path(path).read_text().splitlines():
        event = json.loads(line)
        if result := event["id"].get("testResult"):
            found = event["testResult"]
            outputs = found.get("testActionOutput", [])
            shard = f" (shard {result['shard']})" if "shard" in result else ""
            tests[result["label"] + run + shard] = Target(
                found["status"], path_of(outputs, "test.log"), path_of(outputs, "test.xml"))
        elif completed := event["id"].get("targetCompleted"):
            if not event.get("completed", {}).get("success"):
                broken[completed["label"] + run] = "cannot be built"
        elif "aborted" in event:
            label = next(iter(event["id"].values())).get("label", "the build")
            broken[label + run] = event["aborted"].get("description") or "aborted"


def cases_of(target: Target) -> Cases:
    """Bazel writes a file of one case where a test writes none itself."""
    passed, failed = 0, []
    try:
        for case in ElementTree.parse(target.xml or "").getroot().iter("testcase"):
            name = f"{case.get('classname', '')}.{case.get('name', '')}".strip(".")
            ran = case.get("status", "run") == "run" and case.get("result", "completed") == "completed"
            if ran and not any(case.findall(kind) for kind in ("failure", "error", "skipped")):
                passed += 1
            else:
                failed.append(name)
    except (ElementTree.ParseError, OSError):
        failed.append("ended without a report")
    if target.status == "PASSED" and passed + len(failed) == 0:
        failed.append("ran no case")
    if target.status != "PASSED" and not failed:
        failed.append(target.status.lower())
    return Cases(passed, failed)


def show(label: str, target: Target, cases: Cases) -> None:
    print(f"\n==== {label}: {', '.join(cases.failed)}")
    if target.log and target.log.exists():
        print(target.log.read_text(errors="replace").rstrip())


def main() -> int:
    tests: dict[str, Target] = {}
    broken: dict[str, str] = {}
    for path in sys.argv[1:]:
        read_events(path, tests, broken)
    passed = failed = 0
    for label, target in sorted(tests.items()):
        cases = cases_of(target)
        passed += cases.passed
        failed += len(cases.failed)
        if cases.failed:
            show(label, target, cases)
    for label, why in sorted(broken.items()):
        if label not in tests:
            failed += 1
            print(f"\n==== {label}: {why}")
    if passed + failed == 0:
        failed = 1
        print("no test ran")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
