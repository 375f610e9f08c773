#!/usr/bin/env python3
"""Images with one program: examples/one-program, and one with nothing in it but two files."""

from harness import http, image, scripts
from harness.case import DockerTest
from harness.main import main

TERM = 128 + 15
HARDENED = ["--user=1000", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges"]


class Example(DockerTest):
    @classmethod
    def make_image(cls):
        return image.import_example(cls.docker, "one-program")

    def serve(self, *arguments, options=()):
        """The application, on a port that is free, when it has begun three jobs."""
        port = http.free_port()
        container = self.run_container("--network=host", "--env", f"PORT={port}", *options,
                                       self.image, *arguments)
        container.await_line("app: serving")
        self.assertEqual(http.get(port), "Hello.\n")
        for _ in range(3):
            self.assertEqual(http.post(port, "/jobs"), "The job has begun.\n")
        return container

    def test_serves_leaves_no_zombie_and_stops_with_143(self):
        for options in [[], HARDENED]:
            with self.subTest(options):
                container = self.serve(options=options)
                # The shell is what lists them.
                self.await_true(lambda: sorted(command for _, command in container.processes()) ==
                                ["pid1", "python3", "sh"], "the end of the jobs")
                container.stop()
                self.assertEqual(container.exit_code(), TERM)
                self.assertEqual(container.output(), "app: serving")

    def test_stops_with_0_as_its_readme_says(self):
        container = self.serve("-e", "143", "--", "python3", "/srv/app.py",
                               options=["--entrypoint=/sbin/pid1"])
        container.stop()
        self.assertEqual(container.exit_code(), 0)

    def test_needs_an_init(self):
        container = self.serve("/srv/app.py", options=["--entrypoint=python3"])
        self.await_true(lambda: container.zombies() == ["sleep"] * 3, "a zombie for each job")
        container.stop(grace=1)
        self.assertEqual(container.exit_code(), 128 + 9)


class FromScratch(DockerTest):
    @classmethod
    def make_image(cls):
        return image.import_program(cls.docker)

    def run_script(self, script, *options):
        return self.run_container("--network=none", *options, self.image,
                                  "/busybox", "sh", "-c", script)

    def check_life(self, *options):
        lasting = scripts.lasting("app", 'trap "echo app has got HUP" HUP')
        container = self.run_script(lasting.replace("sleep", "/busybox sleep"), *options)
        container.await_line("app is up")
        container.kill("HUP")
        container.await_line("app has got HUP")
        container.stop()
        self.assertEqual(container.exit_code(), 0)
        self.assertEqual(container.output(), "app is up\napp has got HUP\napp stops")

    def test_lives_and_ends(self):
        self.check_life()

    def test_lives_and_ends_without_any_right(self):
        self.check_life(*HARDENED)
        for option in HARDENED:
            with self.subTest(option):
                self.check_life(option)

    def test_has_the_programs_exit_code_without_any_right(self):
        for script, code in {"exit 42": 42, "kill -TERM $$": TERM, "kill -ABRT $$": 134}.items():
            with self.subTest(script):
                self.assertEqual(self.run_script(script, *HARDENED).exit_code(), code)

    def test_says_what_is_missing_without_any_right(self):
        for program, code in {"/no-such-program": 127, "no-such-one": 127, "/proc": 126}.items():
            with self.subTest(program):
                container = self.run_container("--network=none", *HARDENED, self.image, program)
                self.assertEqual(container.exit_code(), code)
                self.assertIn(program, container.output())

    def test_lets_a_daemon_that_got_away_clean_up_without_any_right(self):
        script = scripts.daemonizing("app").replace("sleep", "/busybox sleep")
        script = script.replace("setsid sh", "/busybox setsid /busybox sh")
        container = self.run_script(script, *HARDENED)
        container.await_line("app is up")
        container.await_line("grandchild is up")
        container.stop()
        self.assertEqual(container.exit_code(), 0)
        self.assertEqual(container.said("grandchild stops"), ["grandchild stops"])


if __name__ == "__main__":
    main()
