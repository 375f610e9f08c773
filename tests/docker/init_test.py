#!/usr/bin/env python3
"""`docker run --init` with pid1 in the place of Docker's own docker-init."""

import json
import pathlib
import shutil
import tempfile

from harness import daemon, places, scripts
from harness.case import DockerTest
from harness.main import main

MOUNTED = ["--volume", f"{places.binary()}:/sbin/docker-init:ro"]


class Init(DockerTest):
    """Mounted over it, for one container."""

    options = MOUNTED

    def run_under_init(self, script, *options):
        return self.run_container("--init", "--network=none", *self.options, *options,
                                  "--entrypoint=sh", self.image, "-c", script)

    def test_is_pid1(self):
        container = self.run_under_init(scripts.lasting("app"))
        container.await_line("app is up")
        container.exec("cmp", "/proc/1/exe", "/sbin/pid1")
        self.assertTrue(container.exec("cat", "/proc/1/cmdline").startswith("/sbin/docker-init\0"))

    def test_passes_the_exit_code_on(self):
        for script, code in {"exit 42": 42, "kill -TERM $$": 143, "kill -USR1 $$": 138}.items():
            with self.subTest(script):
                container = self.run_under_init(script)
                self.assertEqual(container.exit_code(), code)
                self.assertEqual(container.output(), "")

    def test_fails_with_127_where_there_is_no_such_program(self):
        container = self.run_container("--init", "--network=none", *self.options,
                                       "--entrypoint=no-such-program", self.image)
        self.assertEqual(container.exit_code(), 127)
        self.assertIn("no-such-program", container.output())

    def test_leaves_no_zombie(self):
        container = self.run_under_init(scripts.bearing(orphans=300))
        container.await_line("all are born")
        self.await_true(lambda: not container.zombies(), "the reaping of all orphans")

    def test_forwards_what_docker_kill_sends(self):
        container = self.run_under_init(scripts.lasting("app", 'trap "echo app has got HUP" HUP'))
        container.await_line("app is up")
        container.kill("HUP")
        container.await_line("app has got HUP")

    def test_stops_with_143_or_as_the_program_says(self):
        for code, script in {143: "echo app is up; exec sleep 3600",
                             0: scripts.lasting("app")}.items():
            with self.subTest(code):
                container = self.run_under_init(script)
                container.await_line("app is up")
                container.stop()
                self.assertEqual(container.exit_code(), code)

    def test_lets_a_daemon_that_got_away_clean_up(self):
        container = self.run_under_init(scripts.daemonizing("app"))
        container.await_line("app is up")
        container.await_line("grandchild is up")
        container.stop()
        self.assertEqual(container.exit_code(), 0)
        self.assertEqual(container.said("app stops", "grandchild stops"),
                         ["app stops", "grandchild stops"])

    def test_needs_no_rights(self):
        container = self.run_under_init(scripts.lasting("app"), "--user=1000", "--read-only",
                                        "--cap-drop=ALL", "--security-opt=no-new-privileges")
        container.await_line("app is up")
        container.stop()
        self.assertEqual(container.exit_code(), 0)


class InitOfTheDaemon(Init):
    """`dockerd --init-path`: for every container of a daemon."""

    options = []

    @classmethod
    def find_docker(cls):
        # dockerd asks the file for its version by whatever name it is given.
        folder = pathlib.Path(tempfile.mkdtemp(prefix="pid1-docker-init-"))
        cls.addClassCleanup(shutil.rmtree, folder)
        folder.chmod(0o755)
        shutil.copy(places.binary(), folder / "docker-init")
        return daemon.Docker(f"--init-path={folder}/docker-init")

    def test_has_a_version_that_the_daemon_understands_and_shows(self):
        components = json.loads(self.docker("version", "--format", "{{json .Server.Components}}"))
        versions = {component["Name"]: component["Version"] for component in components}
        self.assertRegex(versions["docker-init"], r"^[0-9.]+ \(pid1 [0-9.]+\)$")
        self.assertEqual(self.docker("info", "--format", "{{.InitCommit.ID}}"), "pid1")


if __name__ == "__main__":
    main()
