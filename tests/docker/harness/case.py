"""The base of the tests: one daemon and one image for a whole file, containers that go away."""

import functools
import json
import pathlib
import shutil
import tempfile
import time
import unittest

from harness import daemon, image
from harness.container import Container
from harness.session import Session


@functools.lru_cache(maxsize=None)
def docker():
    return daemon.Docker()


def configuration(services, **top_level):
    """As text: JSON, which is YAML."""
    return json.dumps({"services": services, **top_level})


class DockerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.docker = cls.find_docker()
        cls.image = cls.make_image()
        cls.addClassCleanup(cls.docker.attempt, "rmi", "--force", cls.image)

    @classmethod
    def find_docker(cls):
        return docker()

    @classmethod
    def make_image(cls):
        return image.import_busybox(cls.docker)

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pid1-docker-test-"))
        self.folder.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.folder)

    def run_services(self, services, *options, **top_level):
        """A container that runs these services; options are those of `docker run`."""
        return self.run_config(configuration(services, **top_level), *options)

    def run_config(self, text, *options):
        """The same with a configuration as it is written."""
        return self.run_container("--network=none", *self.configured(text), *options, self.image)

    def run_program(self, script, *flags, options=()):
        """A container that runs one program, a shell's script; flags are those of pid1."""
        return self.run_container("--network=none", *options, self.image, *flags,
                                  "--", "sh", "-c", script)

    def configured(self, text):
        """The options that put a configuration in its place."""
        path = self.folder / "pid1.yaml"
        path.write_text(text)
        path.chmod(0o644)
        return "--volume", f"{path}:/etc/pid1.yaml:ro"

    def run_container(self, *arguments):
        container = Container(self.docker, *arguments)
        self.addCleanup(container.remove)
        return container

    def open_session(self, *arguments):
        session = Session(self.docker, "--network=none", *arguments)
        self.addCleanup(session.close)
        return session

    def await_true(self, condition, what):
        deadline = time.monotonic() + daemon.DEADLINE
        while not condition():
            self.assertLess(time.monotonic(), deadline, f"waited in vain for {what}")
