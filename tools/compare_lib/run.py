"""One run of an init in a PID namespace of its own, and what its program reports."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "rig"))

import rig  # noqa: E402

HELPERS = Path(tempfile.mkdtemp(prefix="pid1-compare-"))
ACT = str(HELPERS / "act")
# How long something may take that takes milliseconds on a calm machine.
PATIENCE = 10.0


class Unexpected(Exception):
    """What a scenario needs didn't happen; the text is its result."""


def build_helpers(binaries: dict[str, str]) -> None:
    """The programs that the scenarios need, and copies of the inits, which may be where not everybody
    can reach them. Before there are threads: a file can't be executed while one of them writes it."""
    HELPERS.chmod(0o755)
    subprocess.run(["make", "-s", "-C", str(HERE / "helpers"), f"BUILD={HELPERS}"], check=True)
    (HELPERS / "inits").mkdir()
    for name, binary in binaries.items():
        shutil.copy(binary, HELPERS / "inits" / name)


def remove_helpers() -> None:
    shutil.rmtree(HELPERS, ignore_errors=True)


def act(*words: str) -> list[str]:
    """The command of helpers/act.c that does as it is told."""
    return [ACT, *words]


def code_of(status: int) -> int:
    """As a shell tells it."""
    return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def handle(pid: int) -> int:
    """A descriptor of the process, or -1 where it has already ended and was waited for."""
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:
        return -1


class Run:
    """COMMAND as PID 1 of a fresh namespace, from its exec to the end of the namespace.

    before: words for helpers/act.c that arrange what the command inherits; with `above … end` in
    them the command isn't PID 1. Whatever runs in the namespace is killed when the run is left."""

    def __init__(self, command: list[str], before: tuple[str, ...] = ()) -> None:
        self.dir = Path(tempfile.mkdtemp(prefix="run-", dir=HELPERS))
        self.dir.chmod(0o755)
        self._events = self._fifo("events")
        self._reports = self._fifo("report")
        self._partial = b""
        self.said: list[str] = []
        self.records: list[rig.Event] = []
        self.status: int | None = None
        if before:
            command = act(*before, "exec", *command)
        self._nsexec = subprocess.Popen(
            [str(HELPERS / "nsexec"), "-e", str(self.dir / "events"), "-o", str(self.dir / "output"),
             "--", *command],
            stdin=subprocess.DEVNULL, cwd="/",
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "COMPARE_REPORT": str(self.dir / "report"),
                 "BENCH_EVENTS": str(self.dir / "events")})
        self.pid, self._pidfd = 0, -1

    def _fifo(self, name: str) -> int:
        path = self.dir / name
        os.mkfifo(path)
        path.chmod(0o666)
        # Open for writing too: there is no end of file while writers come and go.
        return os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)

    def __enter__(self) -> "Run":
        try:
            self._await(lambda: self.pid or None, PATIENCE, "did not start")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        try:
            if self._pidfd >= 0:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        except ProcessLookupError:
            pass
        if self._pidfd < 0:
            self._nsexec.kill()
        self._nsexec.wait()
        for fd in (self._pidfd, self._events, self._reports):
            if fd >= 0:
                os.close(fd)
        shutil.rmtree(self.dir, ignore_errors=True)

    # What happens

    def _take_events(self) -> None:
        try:
            data = os.read(self._events, 1 << 16)
        except BlockingIOError:
            return
        for ts, kind, i, pid, a, b in rig.RECORD.iter_unpack(data):
            event = rig.Event(ts, chr(kind), i, pid, a, b)
            self.records.append(event)
            if event.kind == rig.PID:
                self.pid, self._pidfd = event.a, handle(event.a)
            if event.kind == rig.EXIT:
                # All that was said was said before.
                self._take_reports()
                self.status = event.a

    def _take_reports(self) -> None:
        try:
            data = self._partial + os.read(self._reports, 1 << 16)
        except BlockingIOError:
            return
        *lines, self._partial = data.split(b"\n")
        self.said += [line.decode() for line in lines]

    def _await(self, found, patience: float, missing: str, past_end: bool = False):
        """The first result of `found` that isn't None, asked for after each thing that happens."""
        deadline = time.monotonic() + patience
        while True:
            self._take_events()
            self._take_reports()
            result = found()
            if result is not None:
                return result
            if self.status is not None and not past_end:
                raise Unexpected(f"{missing}: ended with {code_of(self.status)}")
            left = deadline - time.monotonic()
            if left <= 0:
                raise Unexpected(missing)
            select.select([self._events, self._reports], [], [], left)

    def hear(self, text: str, times: int = 1, patience: float = PATIENCE) -> int:
        """Waits until `text` was reported so often; who reported it, as it knows itself."""
        def found() -> int | None:
            by = [line.split(" ", 1)[0] for line in self.said if line.split(" ", 1)[1] == text]
            return int(by[times - 1]) if len(by) >= times else None
        return self._await(found, patience, f"no “{text}”")

    def record(self, kind: str) -> rig.Event:
        """Waits for what helpers/nsexec.c or svc.c records."""
        return self._await(lambda: next((r for r in self.records if r.kind == kind), None), PATIENCE,
                           f"no record {kind}", past_end=kind == rig.EXIT)

    def hears(self, text: str, times: int = 1, patience: float = PATIENCE) -> bool:
        try:
            self.hear(text, times, patience)
            return True
        except Unexpected:
            return False

    def heard(self, text: str) -> int:
        """How often it was reported."""
        self._take_events()
        self._take_reports()
        return sum(line.split(" ", 1)[1] == text for line in self.said)

    def signals(self) -> list[int]:
        """Those that were reported, in their order."""
        texts = [line.split(" ", 1)[1] for line in self.said]
        return [int(text[4:]) for text in texts if text.startswith("got ")]

    def end(self, patience: float = PATIENCE) -> int:
        """Waits until the namespace has ended; PID 1's exit code."""
        return code_of(self._await(lambda: self.status, patience, "never ends", past_end=True))

    def has_ended(self) -> bool:
        self._take_events()
        return self.status is not None

    def output(self) -> str:
        return (self.dir / "output").read_text(errors="replace")

    # What is done

    def send(self, signo: int) -> None:
        """To PID 1, unless it has ended."""
        try:
            if self._pidfd >= 0:
                signal.pidfd_send_signal(self._pidfd, signo)
        except ProcessLookupError:
            pass

    # What is there

    def proc(self, pid: int, name: str) -> Path:
        """Of a process that is known by its ID in the namespace."""
        return Path(f"/proc/{self.pid}/root/proc/{pid}/{name}")

    def status_of(self, pid: int) -> dict[str, str]:
        lines = self.proc(pid, "status").read_text().splitlines()
        return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}

    def pids(self) -> list[int]:
        """As the namespace knows them."""
        names = os.listdir(f"/proc/{self.pid}/root/proc")
        return sorted(int(name) for name in names if name.isdigit())

    def outside(self, pid: int) -> int:
        """The ID here of a process that is known by its ID in the namespace."""
        for found in rig.pids_in(os.readlink(f"/proc/{self.pid}/ns/pid")):
            if rig.status(found)["NSpid"].split()[-1] == str(pid):
                return found
        raise Unexpected(f"process {pid} is gone")


def eventually(holds, patience: float = PATIENCE) -> bool:
    """For what the kernel tells of only when asked."""
    deadline = time.monotonic() + patience
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True
