#!/usr/bin/env python3
"""Checks the project's own rules, those that no tool of others knows.

usage: rules.py FILE…        prints FILE:LINE: RULE: what is wrong; exits 1 where something is.
The rules are those of CONTRIBUTING.md.
"""

import re
import sys
from pathlib import Path
from typing import Callable, Iterator

Finding = tuple[int, str]

# What each folder may include: its own files and those of …, and libraries by how their headers begin.
LAYERS = {
    "supervisor/system/": (("supervisor/system/",), ("boost/system/", "kernel")),
    "supervisor/output/": (("supervisor/output/", "supervisor/system/"), ("boost/asio/",)),
    "supervisor/": (
        ("supervisor/", "config/", "services/"),
        ("boost/", "spdlog/", "fmt/", "CLI/", "getopt.h"),
    ),
    "config/": (("config/", "services/"), ("yaml-cpp/", "re2/")),
    "services/": (("services/",), ()),
}
PRODUCTION = tuple(LAYERS)
# Iostreams cost time and memory at every start, before main.
UNWANTED_STD = {"iostream"}
# The core is pure: no input, output, clock, thread or randomness.
IMPURE_STD = UNWANTED_STD | {
    "condition_variable", "cstdio", "filesystem", "fstream", "future", "mutex", "random", "thread",
}
IMPURE_CODE = re.compile(r"\b(?:steady|system|high_resolution)_clock::now\b")
# Aim at 300.
MAX_LINES = 350

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")')
SLEEP = re.compile(
    r"\b(?:(?<!\.)u?sleep|nanosleep|sleep_for|sleep_until|time\.sleep)\s*\((?!.*// no event\b)")
SKIP = re.compile(r"\bGTEST_SKIP\b|\bDISABLED_\w|@unittest\.skip|pytest\.mark\.skip")
LATER = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
NOLINT = re.compile(r"NOLINT(?!END)\w*")
REASONED_NOLINT = re.compile(r"NOLINT(?:NEXTLINE|BEGIN)?\([\w.,* -]+\): \w+")
BOOLEAN_PARAMETER = re.compile(r"[(,]\s*(?:const\s+)?bool\s+\w+\s*(?:=\s*\w+\s*)?[,)]")
OTHER_PLACES = re.compile(r"(?<![\w.])/(?:work|tmp/w|home/\w+)/")
TEST = re.compile(r"^TEST(?:_[FP])?\((\w+), (\w+)", re.MULTILINE)
PROOF = re.compile(r"`(\w+\.\w+)`")
MARKDOWN_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def layer_of(path: str) -> str | None:
    return next((layer for layer in LAYERS if path.startswith(layer)), None)


def is_cpp(path: str) -> bool:
    return path.endswith((".h", ".cc"))


def in_production(path: str) -> bool:
    return path.startswith(PRODUCTION)


def in_tests(path: str) -> bool:
    return path.startswith("tests/")


def includes(path: str, lines: list[str]) -> Iterator[Finding]:
    """Dependencies run one way; libraries and the kernel each have their place."""
    layer = layer_of(path)
    if layer is None or not is_cpp(path):
        return
    folders, libraries = LAYERS[layer]
    for number, line in enumerate(lines, 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        system, ours = found.groups()
        if ours and not ours.startswith(folders):
            yield number, f'{layer} may not include "{ours}", only files of {", ".join(folders)}'
        if system:
            yield from library_include(layer, libraries, system, number)


def library_include(
    layer: str, libraries: tuple[str, ...], header: str, number: int
) -> Iterator[Finding]:
    is_std = "/" not in header and "." not in header
    if is_std:
        if header in (IMPURE_STD if layer == "services/" else UNWANTED_STD):
            yield number, f"{layer} may not include <{header}>"
    elif header.startswith(libraries):
        pass
    elif "kernel" not in libraries:
        yield number, f"{layer} may not include <{header}>"
    elif header.startswith(("boost/", "spdlog/", "fmt/", "yaml-cpp/", "re2/", "CLI/")):
        yield number, f"{layer} knows the kernel only: it may not include <{header}>"


def purity(path: str, lines: list[str]) -> Iterator[Finding]:
    if path.startswith("services/") and is_cpp(path):
        yield from matching(lines, IMPURE_CODE, "the core reads no clock: time comes as an event")


def headers(path: str, lines: list[str]) -> Iterator[Finding]:
    if not path.endswith(".h"):
        return
    if "#pragma once" not in lines:
        yield 1, "a header has #pragma once"
    if in_production(path):
        text = "boolean parameters say nothing where they are given: take an enum"
        yield from matching(lines, BOOLEAN_PARAMETER, text)


def honest_tests(path: str, lines: list[str]) -> Iterator[Finding]:
    if in_tests(path) and path.endswith((".h", ".cc", ".py")):
        text = "a test waits for an event, with a deadline; where there is none say so: // no event …"
        yield from matching(lines, SLEEP, text)
        yield from matching(lines, SKIP, "a test that is left out shows nothing: make it run, or delete it")


def nothing_left_for_later(path: str, lines: list[str]) -> Iterator[Finding]:
    if path != "tools/lib/rules.py":
        yield from matching(lines, LATER, "do it, or open an issue")
        yield from matching(lines, OTHER_PLACES, "a path of one person's machine")


def reasons(path: str, lines: list[str]) -> Iterator[Finding]:
    if not is_cpp(path):
        return
    for number, line in enumerate(lines, 1):
        if NOLINT.search(line) and not REASONED_NOLINT.search(line):
            yield number, "say which check and why: NOLINT(check-name): reason"


def length(path: str, lines: list[str]) -> Iterator[Finding]:
    if in_production(path) and is_cpp(path) and len(lines) > MAX_LINES:
        yield MAX_LINES, f"{len(lines)} lines: one idea a file, at most {MAX_LINES} lines"


def build_files(path: str, lines: list[str]) -> Iterator[Finding]:
    if in_production(path) and path.endswith("/BUILD"):
        yield from matching(lines, re.compile(r"\bglob\("), "production targets name their files")


def whitespace(path: str, lines: list[str]) -> Iterator[Finding]:
    if not path.endswith(".md"):
        yield from matching(lines, re.compile(r"[ \t]+$"), "trailing space")
    if not path.endswith(("Makefile", ".go")):
        yield from matching(lines, re.compile(r"^ *\t"), "indent with spaces")
    if lines and lines[-1] == "":
        yield len(lines), "empty lines at the end"


def links(path: str, lines: list[str]) -> Iterator[Finding]:
    if not path.endswith(".md"):
        return
    for number, line in enumerate(lines, 1):
        for target in MARKDOWN_LINK.findall(line):
            if "://" in target or target.startswith("mailto:"):
                continue
            if not (Path(path).parent / target).exists():
                yield number, f"a link to {target}, which is not there"


def proofs(path: str, lines: list[str]) -> Iterator[Finding]:
    """A page that says which test proves what it says names tests that are there."""
    if not path.endswith("pain-points.md"):
        return
    sources = "".join(source.read_text() for source in Path("tests").rglob("*_test.cc"))
    tests = {".".join(names) for names in TEST.findall(sources)}
    for number, line in enumerate(lines, 1):
        cells = line.split(" | ")
        if len(cells) != 3 or cells[0].startswith(("| it hurts", "|---")):
            continue
        named = PROOF.findall(cells[2])
        if not named:
            yield number, "no test proves it"
        for name in named:
            if name not in tests:
                yield number, f"there is no test {name}"


def matching(lines: list[str], pattern: re.Pattern[str], message: str) -> Iterator[Finding]:
    for number, line in enumerate(lines, 1):
        if pattern.search(line):
            yield number, message


Rule = Callable[[str, list[str]], Iterator[Finding]]
RULES: tuple[Rule, ...] = (
    includes, purity, headers, honest_tests, nothing_left_for_later, reasons, length, build_files,
    whitespace, links, proofs,
)


def check(path: str) -> int:
    try:
        text = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return 0
    if not text:
        return 0
    found = 0
    if not text.endswith("\n"):
        print(f"{path}: whitespace: no newline at the end")
        found += 1
    lines = text.removesuffix("\n").split("\n")
    for rule in RULES:
        for number, message in rule(path, lines):
            print(f"{path}:{number}: {rule.__name__}: {message}")
            found += 1
    return found


def main() -> int:
    return 1 if sum(check(path) for path in sys.argv[1:]) else 0


if __name__ == "__main__":
    sys.exit(main())
