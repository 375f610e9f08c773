#!/usr/bin/env python3
"""`docker stop`: in order, at once, and never by Docker's SIGKILL.

Docker's grace period is 300 s in all of these and no test waits that long for anything: what passes
didn't use it up.
"""

from harness.case import DockerTest
from harness.main import main
from harness.services import daemonizing, lasting, shell


class DockerStop(DockerTest):
    def test_stops_dependents_before_what_they_depend_on_and_exits_0(self):
        container = self.run_services({
            "db": lasting("db"),
            "app": lasting("app", depends_on=["db"]),
            "web": lasting("web", depends_on=["app"]),
        })
        container.await_line("web is up")
        container.stop()
        self.assertEqual(container.exit_code(), 0)
        self.assertEqual(container.said("db stops", "app stops", "web stops"),
                         ["web stops", "app stops", "db stops"])

    def test_says_in_its_last_line_that_it_was_asked_to(self):
        container = self.run_services({"web": lasting("web")})
        container.await_line("web is up")
        container.stop()
        self.assertIn("SIGTERM", container.last_word())

    def test_kills_a_service_that_ignores_its_stop_signal_before_docker_kills_all(self):
        container = self.run_services({
            "deaf": shell('trap "" TERM; echo deaf is up; while :; do sleep 3600; done',
                          stop_grace_period="200ms"),
            "db": lasting("db"),
        })
        container.await_line("deaf is up")
        container.await_line("db is up")
        container.stop()
        self.assertEqual(container.exit_code(), 0)
        self.assertEqual(container.said("db stops"), ["db stops"])

    def test_shares_out_the_budget_of_the_whole(self):
        deaf = shell('trap "" TERM; echo deaf is up; while :; do sleep 3600; done')
        container = self.run_services({"db": lasting("db"), "deaf": {**deaf, "depends_on": ["db"]}},
                                      pid1={"stop_grace_period": "2s"})
        container.await_line("deaf is up")
        container.stop()
        self.assertEqual(container.exit_code(), 0)
        self.assertEqual(container.said("db stops"), ["db stops"])

    def test_ends_a_service_that_has_stopped_itself(self):
        container = self.run_services({
            "halted": shell("trap 'echo halted stops; exit 0' TERM; echo halted; kill -STOP $$"),
        })
        container.await_line("halted")
        self.await_true(lambda: ("T", "sh") in container.processes(), "the service to halt")
        container.stop()
        self.assertEqual(container.exit_code(), 0)
        self.assertEqual(container.said("halted stops"), ["halted stops"])

    def test_ends_in_the_middle_of_a_backoff(self):
        container = self.run_services({
            "crashing": shell("echo crashing; exit 3",
                              restart={"condition": "any", "delay": "5m", "max_delay": "5m"}),
        })
        container.await_line("crashing")
        container.stop()
        self.assertEqual(container.exit_code(), 0)

    def test_takes_a_daemonized_grandchild_along(self):
        container = self.run_services({"web": daemonizing("web")})
        container.await_line("grandchild is up")
        container.await_line("web is up")
        container.stop()
        self.assertEqual(container.exit_code(), 0)
        self.assertEqual(container.said("web stops", "grandchild stops"),
                         ["web stops", "grandchild stops"])


if __name__ == "__main__":
    main()
