#!/usr/bin/env python3
"""`pid1 --pause`: the first process of a PID namespace that other containers share."""

from harness import scripts
from harness.case import DockerTest
from harness.main import main

KILLED = 128 + 9
HARDENED = ["--user=65535:65535", "--read-only", "--cap-drop=ALL",
            "--security-opt=no-new-privileges"]


class Pause(DockerTest):
    def run_pause(self, *options):
        return self.run_container("--network=none", *options, self.image, "--pause")

    def run_member(self, pause, script, init=None):
        """A container in its PID namespace, by default one that has no init of its own."""
        program = ["sh", "-c", script]
        words = [init, *program] if init else program
        return self.run_container("--network=none", f"--pid=container:{pause.id}",
                                  f"--entrypoint={words[0]}", self.image, *words[1:])

    def check_life(self, *options):
        """It reaps every member's orphans, and ends with 0 and they with it."""
        pause = self.run_pause(*options)
        members = [self.run_member(pause, scripts.bearing(orphans=200)) for _ in range(2)]
        for member in members:
            member.await_line("all are born")
        self.await_true(lambda: not members[0].zombies(), "the reaping of all orphans")
        commands = sorted(command for _, command in pause.processes() if command != "sh")
        self.assertEqual(commands, ["pid1", "sleep", "sleep"])
        pause.stop()
        self.assertEqual(pause.exit_code(), 0)
        self.assertEqual(pause.output(), "")
        self.assertEqual([member.exit_code() for member in members], [KILLED, KILLED])

    def test_reaps_for_the_containers_that_join(self):
        self.check_life()

    def test_needs_no_rights(self):
        self.check_life(*HARDENED)

    def test_goes_on_when_a_container_ends(self):
        pause = self.run_pause()
        self.assertEqual(self.run_member(pause, "exit 42").exit_code(), 42)
        member = self.run_member(pause, scripts.lasting("app"))
        member.await_line("app is up")
        member.stop()
        self.assertEqual(member.exit_code(), 0)
        self.assertTrue(pause.inspect()["State"]["Running"])

    def test_reaps_what_a_container_leaves_behind(self):
        pause = self.run_pause()
        watcher = self.run_member(pause, "echo watching; exec sleep 3600")
        watcher.await_line("watching")
        self.run_member(pause, "sleep 3600 & (setsid sleep 3600 &) exit 0").exit_code()
        self.await_true(lambda: [command for _, command in watcher.processes()].count("sleep") == 1,
                        "the end of what was left behind")

    def test_leaves_a_container_to_the_init_that_it_has(self):
        for init in ["/sbin/pid1", "/sbin/tini", "/usr/bin/dumb-init"]:
            with self.subTest(init):
                pause = self.run_pause()
                other = self.run_member(pause, scripts.lasting("other"))
                other.await_line("other is up")
                member = self.run_member(pause, scripts.daemonizing("app"), init)
                member.await_line("app is up")
                member.await_line("grandchild is up")
                member.stop()
                self.assertEqual(member.exit_code(), 0)
                self.assertEqual(member.said("app stops", "grandchild stops"),
                                 ["app stops", "grandchild stops"])
                other.stop()
                self.assertEqual(other.exit_code(), 0)

    def test_ends_with_0_at_int_too(self):
        pause = self.run_pause()
        pause.kill("INT")
        self.assertEqual(pause.exit_code(), 0)

    def test_goes_on_at_other_signals(self):
        pause = self.run_pause()
        for signal in ["HUP", "USR1", "USR2", "ALRM", "WINCH", "RTMIN+5"]:
            pause.kill(signal)
        self.assertEqual(pause.exec("echo", "alive"), "alive")
        pause.kill("TERM")
        self.assertEqual(pause.exit_code(), 0)


if __name__ == "__main__":
    main()
