"""On a terminal, as with `docker run -it`: PID 1 leads the session that the terminal controls."""

from __future__ import annotations

import os
import select
import signal
import time

from inits import Init
from run import PATIENCE, Run, Unexpected, act, eventually
from scenario import Result, Scale, judged, right, scenario, wrong

SECTION = "On a terminal"


class Terminal:
    def __enter__(self) -> "Terminal":
        self._keyboard, self._screen = os.openpty()
        self.before = (f"tty={os.ttyname(self._screen)}",)
        self.shown, self.all = "", ""
        return self

    def __exit__(self, *_) -> None:
        os.close(self._keyboard)
        os.close(self._screen)

    def type(self, keys: str) -> None:
        os.write(self._keyboard, keys.encode())

    def shows(self, text: str, patience: float = PATIENCE) -> bool:
        """Waits until it shows that, after what was found before."""
        deadline = time.monotonic() + patience
        while text not in self.shown:
            ready, _, _ = select.select([self._keyboard], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                return False
            text_read = os.read(self._keyboard, 4096).decode(errors="replace")
            self.shown += text_read
            self.all += text_read
        self.shown = self.shown.split(text, 1)[1]
        return True


@scenario(SECTION, "One Ctrl-C is one SIGINT for the program", "ten times Ctrl-C; the SIGINTs that the "
          "program counts", every_variant=True)
def control_c(init: Init, _: Scale) -> Result:
    with Terminal() as terminal, Run(init.runs(*act("block=0", "say=ready", "until=15")),
                                     terminal.before) as run:
        run.hear("ready")
        for i in range(10):
            came = run.heard("got 2")
            terminal.type("\x03")
            if not run.hears("got 2", came + 1, patience=5):
                raise Unexpected("Ctrl-C does not reach the program")
            # The init got the other SIGINT, if there is one, before this signal, and its number is
            # lower: it is forwarded before.
            run.send(signal.SIGUSR2)
            run.hear("got 12", i + 1)
        count = run.heard("got 2")
    return judged(count == 10, f"{count} for 10")


@scenario(SECTION, "Ctrl-Z with nobody above doesn't stop the program for ever",
          "Ctrl-Z; whether the program, for which TSTP is at its default, still answers a signal "
          "that is sent to PID 1, within three seconds", every_variant=True)
def control_z(init: Init, _: Scale) -> Result:
    words = ("block=0", "unblock=20", "say=ready", "until=15")
    with Terminal() as terminal, Run(init.runs(*act(*words)), terminal.before) as run:
        program = run.hear("ready")
        terminal.type("\x1a")
        # The signal goes out before the echo.
        if not terminal.shows("^Z"):
            raise Unexpected("no echo")
        run.send(signal.SIGUSR2)
        if run.hears("got 12", patience=3):
            return right("runs on")
        return wrong("stopped" if run.status_of(program)["State"].startswith("T") else "does not answer")


@scenario(SECTION, "Whose session and process group the program is in", "the program's line in /proc/PID/stat",
          every_variant=True)
def place(init: Init, _: Scale) -> Result:
    with Terminal() as terminal, Run(init.runs(*act("say=ready", "nap=60000")), terminal.before) as run:
        program = run.hear("ready")
        _, _, group, session, _, foreground = stat_fields(run, program)[:6]
    ours = [str(program) == owner for owner in (session, group)]
    text = "own session" if ours[0] else "own group" if ours[1] else "the init's group"
    return Result(None, text + (", foreground" if group == foreground else ""))


def stat_fields(run: Run, pid: int) -> list[str]:
    """Those after the name; proc(5): state, ppid, pgrp, session, tty_nr, tpgid, …"""
    return run.proc(pid, "stat").read_text().rsplit(")", 1)[1].split()


@scenario(SECTION, "The program reads what is typed", "a shell that reads a line, and exits with 7 when it has it",
          every_variant=True)
def typed(init: Init, _: Scale) -> Result:
    with Terminal() as terminal, Run(init.runs("sh", "-c", READ_A_WORD), terminal.before) as run:
        terminal.type("word\n")
        code = run.end()
    return right("reads it") if code == 7 else wrong(f"exit {code}")


READ_A_WORD = 'read answer && test "$answer" = word && exit 7; exit 8'


@scenario(SECTION, "A script that calls it has the terminal back afterwards",
          "a shell script runs the init, whose program ends at once, and then reads a line",
          every_variant=True)
def given_back(init: Init, _: Scale) -> Result:
    script = ["sh", "-c", f'"$@"; {READ_A_WORD}', "sh", *init.runs(*act("say=done"))]
    with Terminal() as terminal, Run(script, terminal.before) as run:
        run.hear("done")
        terminal.type("word\n")
        code = run.end()
    return right("reads it") if code == 7 else wrong("cannot read")


@scenario(SECTION, "A shell has job control", "an interactive bash: no complaint, `sleep` is stopped by "
          "Ctrl-Z, killed by Ctrl-C after `fg`, and the shell's code is the container's")
def job_control(init: Init, _: Scale) -> Result:
    shell = init.runs("env", "PS1=ask:", "TERM=dumb", "bash", "--norc", "--noprofile", "--noediting", "-i")
    with Terminal() as terminal, Run(shell, terminal.before) as run:
        if not terminal.shows("ask:"):
            raise Unexpected("no prompt")
        if "job control" in terminal.all:
            return wrong("none, says the shell")
        terminal.type("sleep 1000\n")
        if not eventually(lambda: sleeps(run)):
            raise Unexpected("no command runs")
        terminal.type("\x1a")
        if not terminal.shows("Stopped", 5):
            return wrong("Ctrl-Z does not stop a command")
        terminal.shows("ask:")
        terminal.type("fg\n")
        terminal.shows("sleep 1000")
        eventually(lambda: sleeps(run))
        terminal.type("\x03")
        if not terminal.shows("ask:", 5):
            return wrong("Ctrl-C does not end a command")
        terminal.type("exit 5\n")
        code = run.end()
    return judged(code == 5, f"works, exit {code}")


def sleeps(run: Run) -> bool:
    """There is a `sleep`, it runs in the terminal's foreground."""
    for pid in run.pids():
        try:
            name = run.proc(pid, "comm").read_text().strip()
            state, _, group, _, _, foreground = stat_fields(run, pid)[:6]
        except OSError:
            continue
        if name == "sleep" and state == "S" and group == foreground:
            return True
    return False
