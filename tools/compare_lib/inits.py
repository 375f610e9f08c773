"""Who is compared, how each is called, and which of its flags do what."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

# Where the others' packages put them.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

PLAIN: tuple[str, ...] = ()
GROUP = ("-g",)
SINGLE = ("-c",)


@dataclass(frozen=True)
class Init:
    """One of them with some of its flags."""
    name: str
    binary: str
    flags: tuple[str, ...] = PLAIN

    def runs(self, *program: str) -> list[str]:
        return [self.binary, *self.flags, "--", *program]

    def with_flags(self, *flags: str) -> "Init":
        return Init(self.name, self.binary, self.flags + flags)


@dataclass(frozen=True)
class Kind:
    name: str
    # Of what a person chooses between when it comes to process groups; the first is the default.
    variants: tuple[tuple[str, ...], ...]
    # Flags of options that not all have, by what they do.
    options: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def find(self) -> str | None:
        named = os.environ.get("COMPARE_" + self.name.upper().replace("-", "_"))
        found = named or shutil.which(self.name, path=PATH)
        return found if found and os.access(found, os.X_OK) else None


KINDS = {kind.name: kind for kind in (
    Kind("tini", (PLAIN, GROUP), {
        "expect 143": ("-e", "143"),
        "subreaper": ("-s",),
        "parent's death": ("-p", "SIGTERM"),
    }),
    Kind("dumb-init", (PLAIN, SINGLE), {
        "TERM as INT": ("-r", "15:2"),
    }),
    Kind("catatonit", (PLAIN, GROUP), {
        "pause": ("-P",),
    }),
    Kind("pid1", (PLAIN, GROUP), {
        "expect 143": ("-e", "143"),
        "parent's death": ("-p", "TERM"),
        "TERM as INT": ("-r", "TERM:INT"),
        "no grace": ("-t", "0"),
        "short grace": ("-t", "300ms"),
        "wait for all": ("--wait-all",),
        "pause": ("--pause",),
    }),
)}


def option(init: Init, what: str) -> Init | None:
    """The init with the option for that, or None where it has none."""
    flags = KINDS[init.name].options.get(what)
    return init.with_flags(*flags) if flags else None


def version(name: str, binary: str) -> str:
    """As Debian's package has it; else as the program says."""
    asked = subprocess.run(["dpkg-query", "--show", "--showformat=${Version}", name],
                           text=True, capture_output=True, check=False)
    if asked.returncode == 0 and Path(binary).resolve() == Path(f"/usr/bin/{name}").resolve():
        return asked.stdout
    said = subprocess.run([binary, "--version"], text=True, capture_output=True, check=False)
    found = re.search(r"\d+(\.\d+)+\S*", said.stdout + said.stderr)
    return found[0] if found else "unknown"
