"""What a process says, line by line as it comes."""

import re
import threading
import time

from harness.daemon import DEADLINE

NAMED = re.compile(r"(?:\x1b\[[\d;]*m)?([\w.-]+) *\|(?:\x1b\[0m)? ")


def without_name(line):
    """A line without the service's name before it; of pid1's own, as where there are no names."""
    found = NAMED.match(line)
    if found is None:
        return line
    return ("pid1: " if found[1] == "pid1" else "") + line[found.end():]


class Output:
    def __init__(self, stream):
        """Reads `stream`, of bytes, to its end on a thread of its own, and closes it."""
        self._lines = []
        self._ended = False
        self._changed = threading.Condition()
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def await_line(self, text, times=1):
        """Waits until `text` has been in that many lines."""
        deadline = time.monotonic() + DEADLINE
        with self._changed:
            while sum(text in line for line in self._lines) < times:
                left = deadline - time.monotonic()
                if self._ended or left <= 0:
                    raise AssertionError(f"no {text!r} in:\n" + "\n".join(self._lines))
                self._changed.wait(left)

    def lines(self):
        """All lines, once there can be no more."""
        deadline = time.monotonic() + DEADLINE
        with self._changed:
            while not self._ended:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError("the output does not end:\n" + "\n".join(self._lines))
                self._changed.wait(left)
            return list(self._lines)

    def _read(self, stream):
        try:
            with stream:
                for line in stream:
                    self._add(line.decode(errors="replace").rstrip("\r\n"))
        except OSError:
            pass  # a terminal that has been hung up
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _add(self, line):
        with self._changed:
            self._lines.append(line)
            self._changed.notify_all()
