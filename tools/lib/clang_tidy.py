#!/usr/bin/env python3
"""Runs clang-tidy over the sources, two at a time, and remembers what was clean.

usage: clang_tidy.py [--all | --product]
                                 --product leaves the tests out; by default the sources that differ
                                 from origin/main, and those that include a header that does

A source is looked at again only after it, a header of ours it includes, its command line or
.clang-tidy changed. Writes compile_commands.json, for editors too.
"""

import concurrent.futures
import hashlib
import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
# Warnings are gcc's business; __DATE__ and its like are redefined for builds that can be repeated.
UNWANTED = re.compile(r"-W|-D__(DATE|TIME|TIMESTAMP)__=|-fno-canonical-system-headers$")
# The oldest that understands the ranges of libstdc++ 12.
CLANG_TIDY = "clang-tidy-19"
CACHE = Path(os.environ["CACHE"]) / "clang-tidy"


def output_of(*command: str) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def compile_commands() -> dict[str, list[str]]:
    """source -> its command line, as Bazel says it."""
    query = 'mnemonic("CppCompile", //config/... + //services/... + //supervisor/... + //tests/...)'
    graph = json.loads(output_of("bazel", "aquery", "--config=debug", "--output=jsonproto", query))
    found = {}
    for action in graph.get("actions", []):
        arguments = [a for a in action["arguments"] if not UNWANTED.match(a)]
        source = arguments[arguments.index("-c") + 1]
        if source.endswith(".cc") and not source.startswith(("external/", "bazel-out/")):
            found[source] = arguments
    entries = [{"directory": os.getcwd(), "file": source, "arguments": arguments}
               for source, arguments in sorted(found.items())]
    Path("compile_commands.json").write_text(json.dumps(entries, indent=1) + "\n")
    return found


@cache
def text(path: str) -> str:
    return Path(path).read_text(encoding="utf-8", errors="replace")


def with_headers(source: str) -> list[str]:
    """The source and every header of ours that it includes, directly or not."""
    found, todo = {source}, [source]
    while todo:
        for header in INCLUDE.findall(text(todo.pop())):
            if header not in found and Path(header).exists():
                found.add(header)
                todo.append(header)
    return sorted(found)


def fingerprint(source: str, arguments: list[str], setting: str) -> str:
    digest = hashlib.sha256(setting.encode())
    digest.update("\0".join(arguments).encode())
    for path in with_headers(source):
        digest.update(f"\0{path}\0{text(path)}".encode())
    return digest.hexdigest()


def changed() -> set[str]:
    """Files that differ from where this branch left origin/main, committed or not."""
    base = output_of("git", "merge-base", "HEAD", "origin/main").strip()
    return set(output_of("git", "diff", "--name-only", base).split()
               + output_of("git", "ls-files", "--others", "--exclude-standard").split())


def examine(source: str) -> tuple[str, str]:
    """What clang-tidy says of one source; nothing where it is clean."""
    run = subprocess.run([CLANG_TIDY, "--quiet", "-p", ".", source], capture_output=True, text=True)
    return source, "" if run.returncode == 0 else run.stdout + run.stderr


def main() -> int:
    commands = compile_commands()
    sources = sorted(commands)
    if "--product" in sys.argv:
        sources = [s for s in sources if not s.startswith("tests/")]
    elif "--all" not in sys.argv:
        touched = changed()
        sources = [s for s in sources if touched.intersection(with_headers(s))]
    setting = text(".clang-tidy") + output_of(CLANG_TIDY, "--version")
    keys = {s: CACHE / fingerprint(s, commands[s], setting) for s in sources}
    todo = [s for s in sources if not keys[s].exists()]
    CACHE.mkdir(parents=True, exist_ok=True)
    dirty = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for done, (source, said) in enumerate(pool.map(examine, todo), 1):
            # In the form of Bazel's counter, which tools/lib/progress.sh reads.
            print(f"[{done} / {len(todo)}] {source}", flush=True)
            if said:
                dirty += 1
                print(said)
            else:
                keys[source].touch()
    print(f"clang-tidy: {len(sources)} sources, {len(todo)} looked at, {dirty} with warnings")
    return 1 if dirty else 0


if __name__ == "__main__":
    sys.exit(main())
