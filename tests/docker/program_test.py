#!/usr/bin/env python3
"""`ENTRYPOINT ["/sbin/pid1", "--"]`: one program, as it ends, is signalled, and is stopped.

Docker's grace period is 300 s where a test doesn't name another, and no test waits that long for
anything: what passes didn't use it up.
"""

from harness import scripts
from harness.case import DockerTest
from harness.main import main

TERM = 128 + 15
NAMES = ["/sbin/tini", "/usr/bin/dumb-init"]


class ExitCode(DockerTest):
    def test_is_the_programs(self):
        self.assertEqual(self.run_program("exit 42").exit_code(), 42)

    def test_is_143_of_a_program_that_kills_itself_with_term(self):
        self.assertEqual(self.run_program("kill -TERM $$").exit_code(), TERM)

    def test_is_0_where_it_was_expected(self):
        self.assertEqual(self.run_program("exit 42", "-e", "42").exit_code(), 0)

    def test_is_0_after_docker_stop_where_143_was_expected(self):
        container = self.run_program("echo up; exec sleep 3600", "-e", "128+15")
        container.await_line("up")
        container.stop()
        self.assertEqual(container.exit_code(), 0)

    def test_is_126_or_127_with_one_line_where_the_program_does_not_run(self):
        for program, code in {"/etc": 126, "/etc/hostname": 126, "no-such-program": 127}.items():
            with self.subTest(program):
                container = self.run_container("--network=none", self.image, program)
                self.assertEqual(container.exit_code(), code)
                self.assertEqual(len(container.output().splitlines()), 1)
                self.assertIn(program, container.output())

    def test_needs_no_two_dashes_before_the_program(self):
        container = self.run_container("--network=none", self.image, "sh", "-c", "exit 42")
        self.assertEqual(container.exit_code(), 42)


class Input(DockerTest):
    def test_goes_through_to_the_program(self):
        for name in ["/sbin/pid1", *NAMES]:
            with self.subTest(name):
                said = self.docker("run", "--interactive", "--rm", "--network=none",
                                   f"--entrypoint={name}", self.image, "--", "cat", input="a word")
                self.assertEqual(said, "a word")


class Orphans(DockerTest):
    def test_of_a_program_that_never_waits_leave_no_zombie(self):
        container = self.run_program(scripts.bearing(orphans=300))
        container.await_line("all are born")
        self.await_true(lambda: not container.zombies(), "the reaping of all orphans")


class DockerStop(DockerTest):
    def test_ends_a_program_without_a_handler_with_143(self):
        container = self.run_program("echo up; exec sleep 3600")
        container.await_line("up")
        container.stop()
        self.assertEqual(container.exit_code(), TERM)
        self.assertEqual(container.output(), "up")

    def test_lets_the_programs_handler_decide_the_code(self):
        container = self.run_program(scripts.lasting("app"))
        container.await_line("app is up")
        container.stop()
        self.assertEqual(container.exit_code(), 0)
        self.assertEqual(container.output(), "app is up\napp stops")

    def test_sends_the_signal_that_the_image_or_the_user_names(self):
        container = self.run_program(scripts.lasting("app", 'trap "exit 9" QUIT'),
                                     options=["--stop-signal=QUIT"])
        container.await_line("app is up")
        container.stop()
        self.assertEqual(container.exit_code(), 9)

    def test_lets_a_daemon_that_got_away_clean_up(self):
        container = self.run_program(scripts.daemonizing("app"))
        container.await_line("app is up")
        container.await_line("grandchild is up")
        container.stop()
        self.assertEqual(container.exit_code(), 0)
        self.assertEqual(container.said("app stops", "grandchild stops"),
                         ["app stops", "grandchild stops"])

    def test_lets_what_a_shell_runs_clean_up_though_the_shell_forwards_nothing(self):
        for flags in [[], ["-g"]]:
            with self.subTest(flags):
                container = self.run_program(f"sh -c '{scripts.lasting('app')}'; exit $?", *flags)
                container.await_line("app is up")
                container.stop()
                self.assertEqual(container.exit_code(), TERM)
                # With -g it gets two: its group's, and that for what the program leaves behind.
                self.assertIn("app stops", container.output())

    def test_kills_a_leftover_that_ignores_term_and_keeps_the_programs_code(self):
        container = self.run_program(
            scripts.lasting("app", f"(setsid sh -c '{scripts.deaf('daemon')}' &)"), "-t", "200ms")
        container.await_line("app is up")
        container.await_line("daemon is up")
        container.stop()
        self.assertEqual(container.exit_code(), 0)

    def test_ends_a_container_whose_program_cannot_start(self):
        container = self.run_program("exit 42", options=["--pids-limit=1"])
        container.await_line("trying again until it can")
        container.stop()
        self.assertEqual(container.exit_code(), 143)

    def test_leaves_a_program_that_ignores_term_to_docker(self):
        container = self.run_program(scripts.deaf("app"))
        container.await_line("app is up")
        container.stop(grace=1)
        self.assertEqual(container.exit_code(), 128 + 9)


class DockerKill(DockerTest):
    def test_reaches_the_program_which_goes_on(self):
        container = self.run_program(
            scripts.lasting("app", *[f'trap "echo app has got {signal}" {signal}'
                                     for signal in ["HUP", "USR1", "WINCH", "CONT"]]))
        container.await_line("app is up")
        for signal in ["HUP", "USR1", "WINCH", "CONT"]:
            container.kill(signal)
            container.await_line(f"app has got {signal}")
        container.stop()
        self.assertEqual(container.exit_code(), 0)

    def test_reaches_the_program_as_another_signal_where_a_flag_says_so(self):
        container = self.run_program(
            scripts.lasting("app", 'trap "echo app has got USR2" USR2'), "-r", "HUP:USR2")
        container.await_line("app is up")
        container.kill("HUP")
        container.await_line("app has got USR2")

    def test_with_a_real_time_signal_gives_128_and_its_number(self):
        container = self.run_program("echo up; exec sleep 3600")
        container.await_line("up")
        container.kill("RTMIN+3")
        self.assertEqual(container.exit_code(), 128 + 37)


class Names(DockerTest):
    """An image's ENTRYPOINT of tini or dumb-init, with only the file replaced."""

    def run_as(self, name, script, *flags, options=()):
        return self.run_container("--network=none", f"--entrypoint={name}", *options, self.image,
                                  *flags, "--", "sh", "-c", script)

    def test_pass_the_exit_code_on(self):
        for name in NAMES:
            with self.subTest(name):
                self.assertEqual(self.run_as(name, "exit 42").exit_code(), 42)

    def test_end_at_docker_stop_with_143(self):
        for name in NAMES:
            with self.subTest(name):
                container = self.run_as(name, "echo up; exec sleep 3600")
                container.await_line("up")
                container.stop()
                self.assertEqual(container.exit_code(), TERM)

    def test_forward_and_reap(self):
        for name in NAMES:
            with self.subTest(name):
                container = self.run_as(name, scripts.bearing(orphans=30))
                container.await_line("all are born")
                self.await_true(lambda: not container.zombies(), "the reaping of all orphans")
                container.kill("HUP")
                self.assertEqual(container.exit_code(), 128 + 1)

    def test_take_the_flags_and_variables_that_are_theirs(self):
        # The shell between survives the signal: its death would end the app before its trap ran.
        app = scripts.lasting("app", 'trap "echo app has got USR1; exit 42" USR1')
        app = f"trap : USR1; sh -c '{app}'; exit $?"
        for name, flags, variables in [
                ("/sbin/tini", ["-s", "-v", "-g"], []),
                ("/sbin/tini", ["-w"], ["--env=TINI_KILL_PROCESS_GROUP=1"]),
                ("/usr/bin/dumb-init", ["--rewrite", "1:10"], ["--env=DUMB_INIT_DEBUG=1"])]:
            with self.subTest(name, flags=flags, variables=variables):
                container = self.run_as(name, app, *flags, options=variables)
                container.await_line("app is up")
                container.kill("HUP" if "--rewrite" in flags else "USR1")
                container.await_line("app has got USR1")
                self.assertEqual(container.exit_code(), 42)


if __name__ == "__main__":
    main()
