#!/usr/bin/env python3
"""What the documents say is true: their examples load, their commands exist, their links lead somewhere."""

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).absolute().parents[2]
PID1 = os.environ.get("PID1_BINARY") or str(ROOT / "supervisor/pid1")
README = (ROOT / "README.md").read_text()


def documents():
    found = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    return found + sorted((ROOT / "docs").rglob("*.md")) + sorted((ROOT / "examples").rglob("*.md"))


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def last_words(services):
    """What pid1 leaves in its termination log when it has run these services."""
    with tempfile.TemporaryDirectory() as folder:
        config, log = Path(folder) / "pid1.yaml", Path(folder) / "log"
        config.write_text(services)
        subprocess.run([PID1, "--config", config], env={**os.environ, "PID1_TERMINATION_LOG": log},
                       capture_output=True, timeout=60)
        return json.loads(log.read_text())


def check(text, name="pid1.yaml"):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_text(text)
        return subprocess.run([PID1, "--config", name, "--check"], cwd=folder, text=True,
                              capture_output=True, timeout=60)


class Readme(unittest.TestCase):
    def test_begins_with_the_two_commands_and_both_are_there(self):
        first = blocks(README, "sh")[0]
        commands = [line.split()[0] for line in first.splitlines()]
        self.assertEqual(commands, ["tools/demo", "tools/test"])
        for command in commands:
            self.assertTrue(os.access(ROOT / command, os.X_OK), command)

    def test_shows_a_configuration_that_pid1_takes_without_a_warning(self):
        examples = blocks(README, "yaml")
        self.assertTrue(examples)
        for example in examples:
            answer = check(example)
            self.assertEqual((answer.returncode, answer.stderr), (0, ""))

    def test_shows_the_error_that_pid1_prints(self):
        example = blocks(README, "yaml")[0]
        shown = blocks(README, "console")[0].split("\n", 1)[1]
        typo = re.search(r"unknown key `(\w+)`", shown)[1]
        meant = re.search(r"did you mean `(\w+)`", shown)[1]
        answer = check(example.replace(f"{meant}:", f"{typo}:"))
        self.assertEqual((answer.returncode, answer.stderr), (78, shown))

    def test_names_only_flags_and_variables_that_exist(self):
        usage = subprocess.run([PID1, "--help"], text=True, capture_output=True, timeout=60).stdout
        commands = README.split("## Commands")[1].split("\n## ")[0]
        flags = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", commands)) - {"--json"}
        self.assertTrue(flags)
        for flag in flags:
            self.assertIn(flag, usage)
        for variable in set(re.findall(r"PID1_[A-Z_]+", commands)):
            self.assertIn(variable, usage)


class Documents(unittest.TestCase):
    def test_link_only_to_files_that_exist(self):
        for document in documents():
            for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text()):
                if "://" in target:
                    continue
                with self.subTest(document=document.name, target=target):
                    self.assertTrue((document.parent / target).exists())

    def test_show_configurations_that_pid1_takes(self):
        for document in documents():
            for example in blocks(document.read_text(), "yaml"):
                if not re.search(r"^services:", example, re.MULTILINE):
                    continue
                with self.subTest(document=document.name):
                    self.assertEqual(check(example).returncode, 0, check(example).stderr)


class LastWords(unittest.TestCase):
    SHELL = "{job: {command: [sh, -c, %s], restart: 'no'}}"
    WAITING = ("{job: {command: [sh, -c, exit 3], restart: 'no', on_failure: ignore}, web: "
               "{command: 'true', depends_on: {job: {condition: service_completed_successfully}}}}")

    # More than a file that can't be written to may keep waiting.
    LOSING = ("{job: {command: [sh, -c, yes | head -c 3000000], restart: 'no', logging: "
              "{driver: file, options: {path: /nowhere/log}}}}")

    def test_have_the_fields_of_the_table_where_it_says_so(self):
        design = (ROOT / "docs/design.md").read_text()
        section = design.split("## The last words")[1].split("\n## ")[0]
        always, documented = set(), set()
        for names, there in re.findall(r"^\| (`.*?) \| (.*?) \|", section, re.MULTILINE):
            documented |= set(re.findall(r"`(\w+)`", names))
            always |= set(re.findall(r"`(\w+)`", names)) if there == "always" else set()
        written, causes = set(), set()
        for services in ("{job: {command: 'true'}}", self.SHELL % "echo no; exit 3",
                         self.SHELL % "kill -KILL $$$$", self.SHELL % "kill -TERM $$PPID; exec sleep 60",
                         "{job: {command: 'true', on_success: shutdown}}",
                         "{job: {command: /nowhere, restart: 'no'}}", self.WAITING, self.LOSING):
            words = last_words("services: " + services)
            self.assertLessEqual(always, set(words))
            written |= set(words)
            causes.add(words["cause"])
        self.assertEqual(written, documented)
        for cause in causes:
            self.assertIn(f"`{cause}`", section)


class OneProgram(unittest.TestCase):
    PAGE = ROOT / "docs/reference/one-program.md"

    def run_as(self, name, *words, **variables):
        return subprocess.run([name, *words], executable=PID1, text=True, capture_output=True, timeout=60,
                              stdin=subprocess.DEVNULL, env={**os.environ, **variables})

    def test_has_a_row_for_each_flag_and_no_other(self):
        usage = self.run_as("pid1", "--help").stdout.split("One program\n")[1].split("\nVariables")[0]
        real = set(re.findall(r"^ +(?:-\w, +)?(--[a-z-]+)", usage, re.MULTILINE))
        table = self.PAGE.read_text().split("## Flags")[1].split("\n## ")[0]
        rows = "\n".join(re.findall(r"^\| (`-.*?) \|", table, re.MULTILINE))
        self.assertEqual(real - {"--log-level", "--version", "--help"}, set(re.findall(r"--[a-z-]+", rows)))

    def test_ends_flags_at_the_first_word_that_is_none(self):
        words = re.search(r"`pid1 sh -c '(exit \d)'`", self.PAGE.read_text())[1]
        self.assertEqual(self.run_as("pid1", "sh", "-c", words).returncode, int(words[-1]))

    def test_takes_the_flags_and_variables_of_each_name(self):
        for row in re.findall(r"^\| (`(?:tini|dumb-init|catatonit)`.*)$", self.PAGE.read_text(), re.MULTILINE):
            names, flags, variables = [re.findall(r"`(.*?)`", cell) for cell in row.split(" | ")[:3]]
            for name in names:
                for flag in set(flags[0].split()) - {"-P"}:  # pauses, for good
                    answer = self.run_as(name.strip("`"), flag, "1:2" if flag == "-r" else "TERM", "true")
                    self.assertNotIn("invalid option", answer.stderr, flag)
                for variable in variables:
                    answer = self.run_as(name, "true", **{variable: "1"})
                    self.assertEqual(answer.returncode, 0, variable)


class Simulate(unittest.TestCase):
    PAGE = ROOT / "docs/how-to/simulate.md"

    def simulate(self, *words):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "pid1.yaml").write_text(blocks(self.PAGE.read_text(), "yaml")[0])
            return subprocess.run(["pid1ctl", "simulate", *words], executable=PID1, cwd=folder, text=True,
                                  capture_output=True, timeout=60)

    def test_prints_what_the_page_shows(self):
        shown = blocks(self.PAGE.read_text(), "console")
        self.assertEqual(len(shown), 3)
        for block in shown:
            command, output = block.split("\n", 1)
            words = command.removeprefix("$ pid1ctl simulate ").split()
            with self.subTest(command=command):
                answer = self.simulate(*words)
                self.assertEqual((answer.returncode, answer.stdout), (0, output), answer.stderr)

    def test_has_a_row_for_each_flag_and_no_other(self):
        usage = self.simulate("--help").stdout
        real = set(re.findall(r"^ +(?:-\w, ?)?(--[a-z-]+)", usage, re.MULTILINE)) - {"--help"}
        self.assertEqual(real, set(re.findall(r"^\| `(--[a-z-]+)", self.PAGE.read_text(), re.MULTILINE)))

    def test_writes_the_fields_of_json_that_the_page_names(self):
        answer = json.loads(self.simulate("--config", "pid1.yaml", "--json").stdout)
        row = next(line for line in self.PAGE.read_text().splitlines() if line.startswith("| `--json`"))
        event = set().union(*(one.keys() for one in answer["events"]))
        self.assertEqual(set(answer) | event, set(re.findall(r"`([a-z_]+)`", row)))


class Examples(unittest.TestCase):
    def test_are_taken_without_a_warning(self):
        files = sorted((ROOT / "examples").rglob("pid1.yaml"))
        self.assertTrue(files)
        for file in files:
            with self.subTest(file=str(file)):
                answer = check(file.read_text())
                self.assertEqual((answer.returncode, answer.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
