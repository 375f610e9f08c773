#!/usr/bin/env python3
"""How a container ends by itself, or doesn't: exit codes, crashes, the termination log, zombies."""

import json

from harness.case import DockerTest
from harness.main import main
from harness.services import bearing, lasting, shell


class ExitCode(DockerTest):
    def test_is_78_where_the_configuration_is_wrong(self):
        container = self.run_config("services:\n  web:\n    commands: sleep 1\n")
        self.assertEqual(container.exit_code(), 78)
        self.assertIn("/etc/pid1.yaml:3:5: error:", container.output())

    def test_is_78_where_there_is_no_configuration(self):
        container = self.run_container("--network=none", self.image)
        self.assertEqual(container.exit_code(), 78)
        self.assertIn("/etc/pid1.yaml", container.output())

    def test_is_127_where_a_program_does_not_exist(self):
        container = self.run_services({"web": {"command": ["/no/such/program"], "restart": "no"}})
        self.assertEqual(container.exit_code(), 127)
        self.assertIn("web", container.output())
        self.assertIn("/no/such/program", container.output())

    def test_is_126_where_a_program_cannot_be_executed(self):
        container = self.run_services({"web": {"command": ["/etc/pid1.yaml"], "restart": "no"}})
        self.assertEqual(container.exit_code(), 126)

    def test_is_64_at_bad_usage(self):
        container = self.run_container("--network=none", self.image, "--no-such-flag")
        self.assertEqual(container.exit_code(), 64)

    def test_is_that_of_the_service_whose_failure_ended_it(self):
        container = self.run_services({
            "db": lasting("db"),
            "web": shell("exit 42", restart="no", depends_on=["db"]),
        })
        self.assertEqual(container.exit_code(), 42)
        self.assertIn("web", container.last_word())

    def test_is_128_and_the_signal_of_a_service_that_was_killed(self):
        container = self.run_services({"web": shell("kill -USR1 $$", restart="no")})
        self.assertEqual(container.exit_code(), 128 + 10)

    def test_is_that_of_the_service_named_by_exit_code_from(self):
        container = self.run_services({
            "side": lasting("side"),
            "main": shell("exit 7", restart="no"),
        }, pid1={"exit_code_from": "main"})
        self.assertEqual(container.exit_code(), 7)

    def test_is_0_once_all_oneshots_have_succeeded(self):
        container = self.run_services({
            "first": shell("echo first", type="oneshot"),
            "second": shell("echo second", type="oneshot", depends_on={
                "first": {"condition": "service_completed_successfully"}}),
        })
        self.assertEqual(container.exit_code(), 0)
        self.assertEqual(container.said("first", "second"), ["first", "second"])


class Crash(DockerTest):
    def test_is_followed_by_a_restart_inside_the_container(self):
        container = self.run_services({
            "db": lasting("db"),
            "web": lasting("web", 'echo $$ >/tmp/web.pid', depends_on=["db"]),
        })
        container.await_line("web is up")
        first = container.exec("cat", "/tmp/web.pid")
        container.exec("kill", "-KILL", first)
        container.await_line("web is up", times=2)
        self.assertNotEqual(container.exec("cat", "/tmp/web.pid"), first)
        self.assertEqual(container.inspect()["RestartCount"], 0)
        container.stop()
        self.assertEqual(container.exit_code(), 0)
        self.assertEqual(container.said("db is up"), ["db is up"])

    def test_ends_the_container_when_the_attempts_are_used_up(self):
        container = self.run_services({
            "web": shell("echo an attempt; exit 9", restart={
                "condition": "on-failure", "max_attempts": 2, "delay": "10ms"}),
        })
        self.assertEqual(container.exit_code(), 9)
        self.assertEqual(len(container.said("an attempt")), 3)


class TerminationLog(DockerTest):
    def test_holds_why_the_container_ended_as_one_json_object(self):
        path = self.folder / "termination-log"
        path.touch()
        container = self.run_services({"web": shell("exit 42", restart="no")},
                                      "--volume", f"{path}:/dev/termination-log")
        self.assertEqual(container.exit_code(), 42)
        reason = json.loads(path.read_text())
        self.assertEqual(reason["exit_code"], 42)
        self.assertEqual(reason["cause"], "service_failed")
        self.assertEqual(reason["service"], "web")

    def test_is_where_an_environment_variable_says(self):
        container = self.run_services({"web": shell("exit 42", restart="no")},
                                      "--volume", f"{self.folder}:/run/why",
                                      "--env", "PID1_TERMINATION_LOG=/run/why/log")
        self.assertEqual(container.exit_code(), 42)
        self.assertIn("web", (self.folder / "log").read_text())


class Orphans(DockerTest):
    def test_leave_no_zombie(self):
        container = self.run_services({"web": bearing(orphans=300)})
        container.await_line("all are born")
        self.await_true(lambda: not container.zombies(), "the reaping of all orphans")

    def test_leave_none_either_where_docker_has_an_init_of_its_own(self):
        container = self.run_services({"web": bearing(orphans=300)}, "--init")
        container.await_line("all are born")
        self.await_true(lambda: not container.zombies(), "the reaping of all orphans")


if __name__ == "__main__":
    main()
