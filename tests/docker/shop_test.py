#!/usr/bin/env python3
"""examples/shop: real nginx, redis and Python under pid1."""

import json

from harness import http, image
from harness.case import DockerTest
from harness.main import main

# Run in the container: each process's pid, user and command, and which replica it is.
LIST_PROCESSES = r"""
import glob, json, os, pwd, re

def replica_of(path):
    try:
        environment = open(path + "/environ").read()
    except PermissionError:
        return None
    found = re.search("PID1_REPLICA=([0-9]+)", environment)
    return found and found[1]

processes = []
for path in glob.glob("/proc/[0-9]*"):
    try:
        processes.append({
            "pid": int(path[6:]),
            "user": pwd.getpwuid(os.stat(path).st_uid).pw_name,
            "command": open(path + "/cmdline").read().replace("\0", " ").strip(),
            "replica": replica_of(path),
        })
    except (FileNotFoundError, ProcessLookupError):
        pass  # ended meanwhile
print(json.dumps(processes))
"""


class Shop(DockerTest):
    @classmethod
    def make_image(cls):
        return image.import_example(cls.docker, "shop")

    def setUp(self):
        super().setUp()
        self.port = http.free_port()
        self.shop = self.run_container("--network=host", "--env", f"SHOP_PORT={self.port}",
                                       self.image)
        self.shop.await_line("app: serving")
        self.await_true(lambda: http.get(self.port, "/stats"), "an answer")

    def stats(self):
        return json.loads(http.get(self.port, "/stats"))

    def processes(self, command):
        # As the workers' user, who alone may read their environment: a container's root may not.
        listing = self.docker("exec", "--user=app", self.shop.id, "python3", "-c", LIST_PROCESSES)
        return [process for process in json.loads(listing) if command in process["command"]]

    def kill_and_see(self, command, replica=None):
        """Kills a service's main process and waits until another has taken its place."""
        def main_process():
            found = [process["pid"] for process in self.processes(command)
                     if replica in [None, process["replica"]]]
            return min(found, default=None)

        killed = main_process()
        self.shop.exec("sh", "-c", f"kill -KILL {killed}")
        self.await_true(lambda: main_process() not in [None, killed], f"{command} to return")

    def test_counts_visits_and_does_jobs(self):
        self.assertEqual(http.get(self.port), "Welcome, visitor 1.\n")
        self.assertEqual(http.get(self.port), "Welcome, visitor 2.\n")
        self.assertEqual(http.post(self.port, "/jobs?count=300"), "300 jobs queued.\n")
        self.await_true(lambda: sum(self.stats()["done"].values()) == 300, "the jobs")

    def test_runs_each_service_as_its_own_user(self):
        users = {command: {process["user"] for process in self.processes(command)}
                 for command in ["redis-server", "app.py", "worker.py", "nginx: worker"]}
        self.assertEqual(users, {"redis-server": {"redis"}, "app.py": {"app"},
                                 "worker.py": {"app"}, "nginx: worker": {"www-data"}})

    def test_has_three_workers_that_know_their_number(self):
        workers = self.processes("worker.py")
        self.assertEqual(sorted(worker["replica"] for worker in workers), ["1", "2", "3"])

    def test_migrates_before_the_application_starts(self):
        self.shop.stop()
        self.assertEqual(self.shop.said("migrate: the schema is at version 1", "app: serving"),
                         ["migrate: the schema is at version 1", "app: serving"])

    def test_gets_a_killed_worker_back(self):
        self.kill_and_see("worker.py", replica="2")

    def test_gets_a_killed_application_back_with_its_visits(self):
        http.get(self.port)
        self.kill_and_see("app.py")
        self.shop.await_line("app: serving", times=2)
        self.assertEqual(http.get(self.port), "Welcome, visitor 2.\n")

    def test_gets_nginx_back_although_its_workers_hold_the_port(self):
        self.kill_and_see("nginx: master")
        self.await_true(lambda: http.get(self.port), "an answer")

    def test_stops_with_redis_last_and_exits_0(self):
        self.shop.stop()
        self.assertEqual(self.shop.exit_code(), 0)
        self.assertIn("Redis is now ready to exit", self.shop.output())


if __name__ == "__main__":
    main()
