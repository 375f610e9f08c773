"""Where things are: under `bazel test`, or started by hand with PID1_BINARY."""

import os
import pathlib
import pwd

WORKSPACE = pathlib.Path(__file__).resolve().parents[3]


def binary():
    if "PID1_BINARY" in os.environ:
        return pathlib.Path(os.environ["PID1_BINARY"]).resolve()
    runfiles = pathlib.Path(os.environ["TEST_SRCDIR"]) / os.environ["TEST_WORKSPACE"]
    return (runfiles / "supervisor" / "pid1").resolve()


def cache():
    """Bazel gives tests no HOME of their own; packages are kept where tools/ keeps them."""
    home = pathlib.Path(pwd.getpwuid(os.getuid()).pw_dir)
    return pathlib.Path(os.environ.get("XDG_CACHE_HOME", home / ".cache")) / "pid1-tools"


def script_environment():
    """For the workspace's own scripts."""
    home = pwd.getpwuid(os.getuid()).pw_dir
    return {**os.environ, "HOME": home, "PID1_BINARY": str(binary())}
