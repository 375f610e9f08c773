#!/usr/bin/env python3
"""`docker kill --signal`: what pid1 forwards, and what it takes for itself."""

from harness.case import DockerTest
from harness.main import main
from harness.services import lasting


def telling(name, *signals, **keys):
    """A service that says which signals come."""
    traps = [f'trap "echo {name} has got {signal}" {signal}' for signal in signals]
    return lasting(name, *traps, **keys)


class DockerKill(DockerTest):
    def test_forwards_hup_to_every_service(self):
        container = self.run_services({"a": telling("a", "HUP"), "b": telling("b", "HUP")})
        container.await_line("a is up")
        container.await_line("b is up")
        container.kill("HUP")
        container.await_line("a has got HUP")
        container.await_line("b has got HUP")
        container.stop()
        self.assertEqual(container.exit_code(), 0)

    def test_forwards_every_one_of_many_in_a_row(self):
        container = self.run_services({"a": telling("a", "USR1", "USR2")})
        container.await_line("a is up")
        for round_ in range(1, 4):
            container.kill("USR1")
            container.await_line("a has got USR1", times=round_)
            container.kill("USR2")
            container.await_line("a has got USR2", times=round_)

    def test_sends_another_signal_where_the_configuration_says_so(self):
        container = self.run_services({"a": telling("a", "USR1", "USR2")},
                                      pid1={"signals": {"SIGUSR1": "SIGUSR2"}})
        container.await_line("a is up")
        container.kill("USR1")
        container.await_line("a has got USR2")
        container.stop()
        self.assertEqual(container.said("a has got USR1"), [])

    def test_ignores_a_signal_where_the_configuration_says_so(self):
        container = self.run_services({"a": telling("a", "HUP", "USR1")},
                                      pid1={"signals": {"SIGHUP": "ignore"}})
        container.await_line("a is up")
        container.kill("HUP")
        container.kill("USR1")
        container.await_line("a has got USR1")
        container.stop()
        self.assertEqual(container.said("a has got HUP"), [])

    def test_shuts_down_at_term_int_and_quit(self):
        for signal in ["TERM", "INT", "QUIT"]:
            with self.subTest(signal):
                container = self.run_services({"a": telling("a")})
                container.await_line("a is up")
                container.kill(signal)
                self.assertEqual(container.exit_code(), 0)
                self.assertEqual(container.said("a stops"), ["a stops"])

    def test_kills_at_once_at_a_second_int(self):
        deaf = telling("deaf", "TERM", stop_grace_period="5m")
        container = self.run_services({"deaf": deaf}, pid1={"stop_grace_period": "10m"})
        container.await_line("deaf is up")
        container.kill("INT")
        container.await_line("deaf has got TERM")
        container.kill("INT")
        container.exit_code()
        self.assertFalse(container.inspect()["State"]["Running"])


if __name__ == "__main__":
    main()
