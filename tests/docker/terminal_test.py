#!/usr/bin/env python3
"""`docker run --interactive --tty`, in a terminal."""

import os
import pty

from harness.case import DockerTest, configuration
from harness.daemon import DEADLINE
from harness.main import main
from harness.output import Output
from harness.services import lasting

CTRL_C = b"\x03"


class Terminal(DockerTest):
    def run_interactively(self, services):
        """`docker run -it` in a terminal of its own: the process, the terminal, what it shows."""
        ours, theirs = pty.openpty()
        process = self.docker.spawn(
            "run", "--interactive", "--tty", "--rm", "--network=none",
            *self.configured(configuration(services)), self.image,
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
        os.close(theirs)
        self.addCleanup(process.kill)
        terminal = os.fdopen(ours, "r+b", buffering=0)
        self.addCleanup(terminal.close)
        return process, terminal, Output(os.fdopen(os.dup(ours), "rb"))

    def test_with_ctrl_c_stops_all_in_order_and_exits_0(self):
        process, terminal, output = self.run_interactively({
            "db": lasting("db"),
            "web": lasting("web", depends_on=["db"]),
        })
        output.await_line("web is up")
        terminal.write(CTRL_C)
        self.assertEqual(process.wait(DEADLINE), 0)
        # The terminal shows the key, too.
        lines = [line.removeprefix("^C") for line in output.lines()]
        self.assertEqual([line for line in lines if line.endswith("stops")],
                         ["web stops", "db stops"])

    def test_with_ctrl_c_twice_does_not_wait_for_a_deaf_service(self):
        process, terminal, output = self.run_interactively({
            "deaf": lasting("deaf", 'trap "echo deaf has got TERM" TERM', stop_grace_period="5m"),
        })
        output.await_line("deaf is up")
        terminal.write(CTRL_C)
        output.await_line("deaf has got TERM")
        terminal.write(CTRL_C)
        process.wait(DEADLINE)


if __name__ == "__main__":
    main()
