#!/usr/bin/env python3
"""`docker run --interactive --tty`, in a terminal."""

from harness.case import DockerTest, configuration
from harness.main import main
from harness.services import lasting
from harness.session import CTRL_C


class Terminal(DockerTest):
    def run_interactively(self, services):
        return self.open_session(*self.configured(configuration(services)), self.image)

    def test_with_ctrl_c_stops_all_in_order_and_exits_0(self):
        session = self.run_interactively({
            "db": lasting("db"),
            "web": lasting("web", depends_on=["db"]),
        })
        session.await_line("web is up")
        session.press(CTRL_C)
        self.assertEqual(session.exit_code(), 0)
        self.assertEqual([line for line in session.lines() if line.endswith("stops")],
                         ["web stops", "db stops"])

    def test_with_ctrl_c_twice_does_not_wait_for_a_deaf_service(self):
        session = self.run_interactively({
            "deaf": lasting("deaf", 'trap "echo deaf has got TERM" TERM', stop_grace_period="5m"),
        })
        session.await_line("deaf is up")
        session.press(CTRL_C)
        session.await_line("deaf has got TERM")
        session.press(CTRL_C)
        session.exit_code()


if __name__ == "__main__":
    main()
