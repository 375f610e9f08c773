"""How it ends: the exit code, and programs that can't be executed."""

from __future__ import annotations

import signal

from inits import Init, option
from run import HELPERS, Run, Unexpected, act
from scenario import NO_OPTION, Result, Scale, judged, plural, right, scenario, wrong

SECTION = "Exit codes"
# By default these do nothing, or stop.
HARMLESS = {signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH, signal.SIGSTOP,
            signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU}
DEADLY = [signo for signo in range(1, 65) if signo not in HARMLESS]
NOT_THERE = "/nowhere/program"


def end_of(command: list[str], before: tuple[str, ...] = ()) -> int:
    with Run(command, before) as run:
        return run.end()


@scenario(SECTION, "A program that kills itself with TERM gives 143",
          "the program sends itself SIGTERM; PID 1's exit code")
def killed_by_term(init: Init, _: Scale) -> Result:
    code = end_of(init.runs(*act("die=15")))
    return judged(code == 143, str(code))


@scenario(SECTION, "A program's exit code is the container's",
          "programs that exit with 0, 1, 42, 143 and 255; PID 1's exit codes")
def codes_are_passed_on(init: Init, _: Scale) -> Result:
    codes = [0, 1, 42, 143, 255]
    found = [end_of(init.runs(*act(f"exit={code}"))) for code in codes]
    return judged(found == codes, " ".join(map(str, found)))


@scenario(SECTION, f"Death by any signal gives 128 + its number ({len(DEADLY)} signals)",
          "the program kills itself with each signal from 1 to 64 whose default is death, the "
          "real-time ones and the C library's own two (32, 33) included")
def deaths_by_signal(init: Init, _: Scale) -> Result:
    lost = []
    for signo in DEADLY:
        try:
            if end_of(init.runs(*act(f"die={signo}"))) != 128 + signo:
                lost.append(signo)
        except Unexpected:
            lost.append(signo)
    return judged(not lost, f"{len(DEADLY) - len(lost)} of {len(DEADLY)}"
                  + (f"; not {ranges(lost)}" if lost else ""))


def ranges(numbers: list[int]) -> str:
    """2, 5–7"""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}, {b}" if b == a + 1 else f"{a}–{b}" for a, b in parts)


@scenario(SECTION, "A real fault of the program gives 139",
          "the program follows a null pointer; PID 1's exit code")
def fault(init: Init, _: Scale) -> Result:
    code = end_of(init.runs(*act("fault")))
    return judged(code == 139, str(code))


@scenario(SECTION, "A code that is expected can be made 0",
          "`-e 143` (tini, pid1) and a program that dies of TERM", optional=True)
def expected_code(init: Init, _: Scale) -> Result:
    chosen = option(init, "expect 143")
    if not chosen:
        return NO_OPTION
    code = end_of(chosen.runs(*act("die=15")))
    return judged(code == 0, str(code))


def refusal(command: list[str], wanted: int) -> Result:
    with Run(command) as run:
        code = run.end()
        lines = len(run.output().splitlines())
    return judged(code == wanted and lines == 1, f"{code}, {plural(lines, 'line')}")


@scenario(SECTION, "A program that isn't there: 127 and one line that says so",
          f"`{NOT_THERE}`; PID 1's exit code, and how many lines it prints")
def not_found(init: Init, _: Scale) -> Result:
    return refusal(init.runs(NOT_THERE), 127)


@scenario(SECTION, "A file that may not be executed: 126 and one line",
          "`/etc/passwd`; PID 1's exit code, and how many lines it prints")
def not_executable(init: Init, _: Scale) -> Result:
    return refusal(init.runs("/etc/passwd"), 126)


@scenario(SECTION, "A directory: 126 and one line",
          "`/usr`; PID 1's exit code, and how many lines it prints")
def directory(init: Init, _: Scale) -> Result:
    return refusal(init.runs("/usr"), 126)


@scenario(SECTION, "A script without its first line runs, as it does from a shell",
          "an executable file that holds `exit 7`")
def no_shebang(init: Init, _: Scale) -> Result:
    code = end_of(init.runs(str(HELPERS / "script")))
    return judged(code == 7, str(code))


@scenario(SECTION, "Its options end at the first word that is none: `INIT sh -c 'exit 7'`",
          "without the `--` that every other scenario has")
def options_end(init: Init, _: Scale) -> Result:
    code = end_of([init.binary, "sh", "-c", "exit 7"])
    return right("runs") if code == 7 else wrong(f"exit {code}")
