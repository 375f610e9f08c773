#!/usr/bin/env python3
"""examples/shop: real nginx, redis and Python under pid1."""

import json

from harness import http, image
from harness.case import DockerTest
from harness.container import Container
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
    """One shop for all tests that leave it open; each takes it as the others have left it."""

    @classmethod
    def make_image(cls):
        return image.import_example(cls.docker, "shop")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.port = http.free_port()
        cls.shop = Container(cls.docker, *cls.listening_on(cls.port))
        cls.addClassCleanup(cls.shop.remove)
        cls.shop.await_line("app: serving")

    @classmethod
    def listening_on(cls, port):
        return "--network=host", "--env", f"SHOP_PORT={port}", cls.image

    def setUp(self):
        super().setUp()
        self.await_true(lambda: http.get(self.port, "/stats"), "an answer")

    def stats(self):
        return json.loads(http.get(self.port, "/stats"))

    def jobs_done(self):
        return sum(self.stats()["done"].values())

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
        visits, jobs = self.stats()["visits"], self.jobs_done()
        self.assertEqual(http.get(self.port), f"Welcome, visitor {visits + 1}.\n")
        self.assertEqual(http.get(self.port), f"Welcome, visitor {visits + 2}.\n")
        self.assertEqual(http.post(self.port, "/jobs?count=300"), "300 jobs queued.\n")
        self.await_true(lambda: self.jobs_done() == jobs + 300, "the jobs")

    def test_runs_each_service_as_its_own_user(self):
        users = {command: {process["user"] for process in self.processes(command)}
                 for command in ["redis-server", "app.py", "worker.py", "nginx: worker"]}
        self.assertEqual(users, {"redis-server": {"redis"}, "app.py": {"app"},
                                 "worker.py": {"app"}, "nginx: worker": {"www-data"}})

    def test_has_three_workers_that_know_their_number(self):
        workers = self.processes("worker.py")
        self.assertEqual(sorted(worker["replica"] for worker in workers), ["1", "2", "3"])

    def test_gets_a_killed_worker_back(self):
        self.kill_and_see("worker.py", replica="2")

    def test_gets_a_killed_application_back_with_its_visits(self):
        visits = self.stats()["visits"]
        self.kill_and_see("app.py")
        self.await_true(lambda: http.get(self.port, "/stats"), "an answer")
        self.assertEqual(http.get(self.port), f"Welcome, visitor {visits + 1}.\n")

    def test_gets_nginx_back_although_its_workers_hold_the_port(self):
        self.kill_and_see("nginx: master")
        self.await_true(lambda: http.get(self.port), "an answer")

    def test_reloads_nginx_at_hup_and_leaves_the_others_alone(self):
        def pids(command):
            return {process["pid"] for process in self.processes(command)}

        others = [pids("app.py"), pids("worker.py"), pids("redis-server"), pids("nginx: master")]
        workers = pids("nginx: worker")
        self.shop.kill("HUP")
        self.await_true(lambda: pids("nginx: worker").isdisjoint(workers), "new nginx workers")
        self.assertTrue(http.get(self.port))
        self.assertEqual(others, [pids("app.py"), pids("worker.py"), pids("redis-server"),
                                  pids("nginx: master")])

    def test_migrates_first_stops_redis_last_and_exits_0(self):
        shop = self.run_container("--env", "PID1_LOG_LEVEL=info",
                                  *self.listening_on(http.free_port()))
        shop.await_line("app: serving")
        shop.stop()
        self.assertEqual(shop.exit_code(), 0)
        story = ["migrate: exited with code 0, done", "app: started",
                 "nginx: stopped: exited with code 0", "app: stopped: exited with code 0",
                 "redis: stopped: exited with code 0"]
        story = [f"pid1: {line}" for line in story]
        self.assertEqual(shop.said(*story), story)


if __name__ == "__main__":
    main()
