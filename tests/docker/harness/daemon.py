"""The Docker daemon: the one that runs, else one of our own that touches nothing else.

One that is to have options is always our own.
"""

import atexit
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

DEADLINE = 30  # seconds, for everything that is waited for


class Docker:
    """The command `docker`, and where its daemon listens."""

    def __init__(self, *daemon_options):
        # Bazel's tests get a PATH without the folders of dockerd and its helpers.
        self.environment = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}
        if not daemon_options and self._answers():
            return
        self._start(*daemon_options)

    def __call__(self, *arguments, **options):
        """Runs `docker ARGUMENTS…` and returns its stdout; a failure fails the test."""
        result = self.attempt(*arguments, **options)
        if result.returncode != 0:
            raise AssertionError(f"docker {' '.join(arguments)}: {result.stdout}{result.stderr}")
        return result.stdout.strip()

    def attempt(self, *arguments, **options):
        return subprocess.run(["docker", *arguments], env=self.environment, text=True,
                              capture_output=True, timeout=DEADLINE, check=False, **options)

    def spawn(self, *arguments, **options):
        return subprocess.Popen(["docker", *arguments], env=self.environment, **options)

    def _answers(self):
        return self.attempt("version").returncode == 0

    def _start(self, *options):
        if os.geteuid() != 0:
            raise SystemExit("cannot start dockerd: be root, or start Docker and join its group")
        # Bazel's own folder for temporary files has too long a name for a Unix socket.
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="pid1-docker-"))
        atexit.register(shutil.rmtree, self._folder)
        log_path = self._folder / "log"
        address = f"unix://{self._folder}/socket"
        with log_path.open("wb") as log:
            # It doesn't outlive the test, however that ends, and what it mounts nobody else sees.
            self._process = subprocess.Popen(
                ["unshare", "--mount", "setpriv", "--pdeathsig", "TERM",
                 "dockerd", "--host", address, "--bridge=none", "--iptables=false", "--ip6tables=false",
                 f"--data-root={self._folder}/data", f"--exec-root={self._folder}/exec",
                 f"--pidfile={self._folder}/pid", *options],
                env=self.environment, start_new_session=True,
                stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        atexit.register(self._stop)
        self.environment["DOCKER_HOST"] = address
        deadline = time.monotonic() + DEADLINE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"dockerd does not start:\n{log_path.read_text()}")

    def _stop(self):
        self._process.terminate()
        try:
            self._process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


# `bazel test` ends a test that takes too long with SIGTERM; the daemon is stopped then, too.
signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped by SIGTERM"))
