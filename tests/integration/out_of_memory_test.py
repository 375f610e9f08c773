#!/usr/bin/env python3
"""A container whose memory is limited: the kernel's kill is told from any other, and on_oom decides."""

import os
import subprocess
import unittest
from pathlib import Path

PID1 = str(Path(os.environ.get("PID1_BINARY", "supervisor/pid1")).absolute())
LIMIT = 60 << 20

CONFIG = """
services:
  hog:
    command: [python3, -c, "%s"]
    restart: "no"
    on_failure: ignore
    on_oom: shutdown
  other: {command: sleep 1000}
"""
EATS = "bytearray(1 << 30)"
DIES = "import os; os.kill(os.getpid(), 9)"


def memory_cgroup():
    """A fresh one, of version 1 or 2, and the file of its limit."""
    old, new = Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup")
    parent, limit = (old, "memory.limit_in_bytes") if old.is_dir() else (new, "memory.max")
    if parent == new:
        (new / "cgroup.subtree_control").write_text("+memory")
    folder = parent / f"pid1-oom-{os.getpid()}"
    folder.mkdir()
    return folder, folder / limit


class OutOfMemory(unittest.TestCase):
    def setUp(self):
        self.cgroup, limit = memory_cgroup()
        self.addCleanup(self.cgroup.rmdir)
        limit.write_text(str(LIMIT))

    def run_pid1(self, code):
        def enter():
            (self.cgroup / "cgroup.procs").write_text("0")

        config = Path(os.environ["TEST_TMPDIR"]) / "pid1.yaml"
        config.write_text(CONFIG % code)
        command = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", PID1, "--config", str(config)]
        process = subprocess.Popen(command, preexec_fn=enter, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        return process

    def test_ends_the_container_where_on_oom_says_so(self):
        process = self.run_pid1(EATS)
        self.assertEqual(process.wait(60), 137)
        self.assertIn("hog failed: it was killed by SIGKILL (out of memory)", process.stderr.read())

    def test_is_not_every_sigkill(self):
        process = self.run_pid1(DIES)
        line = process.stderr.readline()
        self.assertEqual(line, "pid1: hog: was killed by SIGKILL; it is not restarted\n")
        process.kill()
        process.wait(60)


if __name__ == "__main__":
    unittest.main()
