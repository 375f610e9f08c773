#!/usr/bin/env python3
"""Containers that may do little, and those in which pid1 is not PID 1: all the same."""

from harness.case import DockerTest
from harness.main import main
from harness.services import daemonizing, lasting, shell

HARDENED = ["--user=1000", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges",
            "--pids-limit=64"]


class Confinement(DockerTest):
    def check_life(self, *options):
        """Services start in order, return after a crash, get signals, and stop in order."""
        container = self.run_services({
            "db": lasting("db", 'trap "echo db has got HUP" HUP'),
            "web": lasting("web", 'trap "" HUP', depends_on=["db"]),
            "crash": shell("echo a crash; exit 1", on_failure="ignore", restart={
                "condition": "on-failure", "max_attempts": 2, "delay": "10ms"}),
        }, *options)
        container.await_line("web is up")
        container.await_line("a crash", times=3)
        container.kill("HUP")
        container.await_line("db has got HUP")
        container.stop()
        self.assertEqual(container.exit_code(), 0)
        self.assertEqual(container.said("db stops", "web stops"), ["web stops", "db stops"])

    def test_by_all_the_common_flags_changes_nothing(self):
        self.check_life(*HARDENED)

    def test_by_one_flag_at_a_time_changes_nothing(self):
        for option in HARDENED:
            with self.subTest(option):
                self.check_life(option)

    def test_by_an_init_of_dockers_own_changes_nothing(self):
        self.check_life("--init")

    def test_by_an_init_and_all_the_flags_changes_nothing(self):
        self.check_life("--init", *HARDENED)


class DockersInit(DockerTest):
    def test_passes_the_exit_code_on(self):
        container = self.run_services({"web": shell("exit 42", restart="no")}, "--init")
        self.assertEqual(container.exit_code(), 42)

    def test_does_not_keep_a_daemonized_grandchild_from_being_stopped(self):
        container = self.run_services({"web": daemonizing("web")}, "--init")
        container.await_line("grandchild is up")
        container.await_line("web is up")
        container.stop()
        self.assertEqual(container.exit_code(), 0)
        self.assertEqual(container.said("web stops", "grandchild stops"),
                         ["web stops", "grandchild stops"])


class PidsLimit(DockerTest):
    def test_that_is_reached_is_waited_out_and_counts_as_no_attempt(self):
        container = self.run_services({
            "db": lasting("db", 'trap "" USR1'),
            "web": lasting("web", 'trap "exit 1" USR1', restart="on-failure:1"),
        }, "--pids-limit=64")
        container.await_line("db is up")
        container.await_line("web is up")
        self.docker("update", "--pids-limit=1", container.id)
        container.kill("USR1")
        container.await_line("Resource temporarily unavailable")
        self.docker("update", "--pids-limit=64", container.id)
        container.await_line("web is up", times=2)
        container.stop()
        self.assertEqual(container.exit_code(), 0)


if __name__ == "__main__":
    main()
