#!/usr/bin/env python3
"""`docker-compose`, whose vocabulary pid1 speaks inside the container."""

import json
import subprocess

from harness import places
from harness.case import DockerTest, configuration
from harness.daemon import DEADLINE
from harness.main import main
from harness.services import lasting, shell


class DockerCompose(DockerTest):
    def compose(self, *arguments, check=True):
        result = subprocess.run(
            ["docker-compose", "--no-ansi", "--project-name", self.project, "--file",
             self.folder / "docker-compose.yaml", *arguments],
            env=self.docker.environment, text=True, capture_output=True, timeout=DEADLINE,
            check=False)
        if check and result.returncode != 0:
            raise AssertionError(f"docker-compose {' '.join(arguments)}: {result.stderr}")
        return result

    def set_up_project(self, services):
        """A project of one container that runs these services."""
        _, volume = self.configured(configuration(services))
        self.project = self.folder.name.replace("_", "")
        (self.folder / "docker-compose.yaml").write_text(json.dumps({
            "version": "2.4",
            "services": {"box": {"image": self.image, "network_mode": "none", "volumes": [volume],
                                 "stop_grace_period": "5m"}},
        }))
        self.addCleanup(self.compose, "down", "--timeout", "0", check=False)

    def exit_code(self):
        container = self.compose("ps", "--quiet", "box").stdout.strip()
        return int(self.docker("wait", container))

    def test_stop_ends_all_in_order_and_at_once(self):
        self.set_up_project({"db": lasting("db"), "web": lasting("web", depends_on=["db"])})
        self.compose("up", "--detach")
        self.await_true(lambda: "web is up" in self.compose("logs").stdout, "the services")
        self.compose("stop")
        self.assertEqual(self.exit_code(), 0)
        logs = self.compose("logs").stdout
        self.assertLess(logs.index("web stops"), logs.index("db stops"))

    def test_up_passes_the_exit_code_on(self):
        self.set_up_project({"web": shell("exit 42", restart="no")})
        result = self.compose("up", "--exit-code-from", "box", check=False)
        self.assertEqual(result.returncode, 42)

    def test_accepts_the_shops_file(self):
        shop = places.WORKSPACE / "examples" / "shop"
        result = subprocess.run(["docker-compose", "config"], cwd=shop, text=True,
                                capture_output=True, env=self.docker.environment, check=False)
        self.assertEqual(result.returncode, 0, result.stderr)


if __name__ == "__main__":
    main()
