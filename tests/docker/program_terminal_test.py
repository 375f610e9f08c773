#!/usr/bin/env python3
"""`docker run --interactive --tty` of one program: Ctrl-C, Ctrl-Z, and a shell with job control.

The terminal shows what is typed, too: `$((40+2))` is 42 only where a shell has read it.
"""

import uuid

from harness import places, scripts
from harness.case import DockerTest
from harness.main import main
from harness.session import CTRL_C, CTRL_Z

INT = 128 + 2
INITS = {
    "pid1": ["--entrypoint=/sbin/pid1"],
    "tini": ["--entrypoint=/sbin/tini"],
    "dumb-init": ["--entrypoint=/usr/bin/dumb-init"],
    "docker-init": ["--init", "--entrypoint=/bin/env"],
}


class Terminal(DockerTest):
    def run_under(self, init, *command):
        """`docker run -it` of the command, and the name of the container."""
        name = uuid.uuid4().hex
        return name, self.open_session(
            "--volume", f"{places.binary()}:/sbin/docker-init:ro", "--name", name, *INITS[init],
            self.image, "--", *command)

    def test_with_ctrl_c_ends_a_program_without_a_handler_with_130(self):
        for init in INITS:
            with self.subTest(init):
                _, session = self.run_under(init, "sh", "-c", "echo up; exec sleep 3600")
                session.await_line("up")
                session.press(CTRL_C)
                self.assertEqual(session.exit_code(), INT)

    def test_with_ctrl_c_gives_the_program_one_sigint(self):
        counting = scripts.lasting(
            "app", "trap 'got=$((got+1)); echo interrupted' INT", "trap 'exit $got' USR2")
        for init in INITS:
            with self.subTest(init):
                name, session = self.run_under(init, "sh", "-c", counting)
                session.await_line("app is up")
                session.press(CTRL_C)
                session.await_line("interrupted")
                self.docker("kill", "--signal=USR2", name)
                self.assertEqual(session.exit_code(), 1)

    def test_with_ctrl_z_goes_on_where_no_shell_could_continue_it(self):
        for init in INITS:
            with self.subTest(init):
                _, session = self.run_under(
                    init, "sh", "-c", "echo up; while read word; do echo app got $word; done")
                session.await_line("up")
                session.press(CTRL_Z)
                session.enter("a-word")
                session.await_line("app got a-word")
                session.press(CTRL_C)
                self.assertEqual(session.exit_code(), INT)

    def test_has_a_shell_with_job_control(self):
        for init in INITS:
            with self.subTest(init):
                _, session = self.run_under(init, "sh")
                session.enter("sh -c 'echo job $((40+2)) runs; exec sleep 3600'")
                session.await_line("job 42 runs")
                session.press(CTRL_Z)
                session.await_line("Stopped")
                session.enter("echo shell $((40+3)) goes on; bg")
                session.await_line("shell 43 goes on")
                session.enter("jobs; echo $((40+4))")
                session.await_line("Running")
                session.await_line("44")
                session.enter("echo again $((40+5)); fg")
                session.await_line("again 45")
                session.press(CTRL_C)
                session.enter("echo job ended with $?")
                session.await_line(f"job ended with {INT}")
                session.enter("exit 7")
                self.assertEqual(session.exit_code(), 7)


if __name__ == "__main__":
    main()
