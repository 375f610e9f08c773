#!/usr/bin/env python3
"""examples/scratch: an image of three files."""

from harness import http, image
from harness.case import DockerTest
from harness.main import main

MIB = 1024 * 1024


class Scratch(DockerTest):
    @classmethod
    def make_image(cls):
        return image.import_example(cls.docker, "scratch")

    def test_takes_a_few_mib(self):
        size = int(self.docker("image", "inspect", "--format", "{{.Size}}", self.image))
        self.assertLess(size, 6 * MIB)

    def test_answers_and_stops(self):
        port = http.free_port()
        container = self.run_container("--network=host", "--env", f"PORT={port}", self.image)
        container.await_line("hello: listening")
        self.assertEqual(http.get(port), "Hello, visitor 1.\n")
        container.stop()
        self.assertEqual(container.exit_code(), 0)

    def test_runs_on_a_read_only_root_without_any_right(self):
        port = http.free_port()
        container = self.run_container(
            "--network=host", "--env", f"PORT={port}", "--read-only", "--security-opt",
            "no-new-privileges", "--cap-drop=ALL", "--user=65534:65534", self.image)
        container.await_line("hello: listening")
        self.assertEqual(http.get(port), "Hello, visitor 1.\n")
        container.stop()
        self.assertEqual(container.exit_code(), 0)


if __name__ == "__main__":
    main()
