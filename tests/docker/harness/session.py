"""`docker run --interactive --tty`, with a person at the terminal."""

import os
import pty

from harness.daemon import DEADLINE
from harness.output import Output, without_name

CTRL_C = "\x03"
CTRL_Z = "\x1a"


class Session:
    def __init__(self, docker, *arguments):
        """`docker run -it ARGUMENTS…` in a terminal of its own."""
        ours, theirs = pty.openpty()
        self._docker = docker.spawn("run", "--interactive", "--tty", "--rm", *arguments,
                              stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
        os.close(theirs)
        self._terminal = os.fdopen(ours, "r+b", buffering=0)
        self._output = Output(os.fdopen(os.dup(ours), "rb"))
        self.await_line = self._output.await_line

    def press(self, key):
        self._terminal.write(key.encode())

    def enter(self, command):
        """A line. The terminal shows it, too: what is awaited then must not be part of it."""
        self.press(command + "\n")

    def exit_code(self):
        """Of pid1; waits for its end."""
        return self._docker.wait(DEADLINE)

    def lines(self):
        """All that was on the terminal. It shows ^C, too, where a program says something next."""
        return [without_name(line.removeprefix("^C")) for line in self._output.lines()]

    def close(self):
        self._docker.kill()
        self._docker.wait()
        self._terminal.close()
