#!/usr/bin/env python3
"""Real PostgreSQL, redis and nginx: readiness, users, the order of a stop, and no row lost under load."""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

PID1 = str(Path(os.environ.get("PID1_BINARY", "supervisor/pid1")).absolute())
RESTARTS = 50
# Bazel's lacks the folders of what root runs.
os.environ["PATH"] += ":/usr/sbin:/sbin"
DEADLINE = 120  # seconds, that only a broken program reaches

CONFIG = """
pid1: {{stop_grace_period: 60s}}
x-client: &client
  user: postgres
  on_failure: ignore
  restart: "no"
services:
  postgres:
    command: {bin}/postgres -D {folder}/data -k {folder} -c listen_addresses= -c fsync=off
    user: postgres
    pre_start:
      - command: [sh, -c, "test -f {folder}/data/PG_VERSION || {bin}/initdb -D {folder}/data -A trust -E UTF8"]
    post_start:
      - command: [sh, -c, "until {bin}/pg_isready -q -h {folder}; do :; done;
            {psql} -c 'create table if not exists taken (writer int, number int)'"]
    stop_signal: SIGINT
    stop_grace_period: 40s
    readiness: {{log: "database system is ready to accept connections"}}
    healthcheck: {{test: [CMD, "{bin}/pg_isready", -q, -h, "{folder}"], interval: 100ms}}
  redis:
    command: redis-server --port 0 --unixsocket {folder}/redis.sock --dir {folder} --save ""
    user: redis
    healthcheck: {{test: [CMD, redis-cli, -s, "{folder}/redis.sock", ping], interval: 100ms}}
  nginx:
    command: [nginx, -c, "{folder}/nginx.conf", -g, "daemon off;"]
    stop_signal: SIGQUIT
    healthcheck: {{http: {{url: "http+unix://{quoted}%2Fnginx.sock/"}}, interval: 100ms}}
  # Hammers on while the database stops: nothing is stopped for its sake.
  loader:
    <<: *client
    scale: 3
    command: [sh, "{folder}/load"]
  # Ends the round once the database works and each loader has been told of some rows.
  referee:
    <<: *client
    command: [sh, "{folder}/referee"]
    type: oneshot
    on_success: shutdown
    depends_on:
      postgres: {{condition: service_healthy}}
      redis: {{condition: service_healthy}}
      nginx: {{condition: service_healthy}}
"""

LOADER = r"""
until {psql} -c 'select 1 from taken limit 0' >/dev/null 2>&1; do sleep 0.05; done
seq 1 1000000 |
  sed 's/.*/insert into taken values ('$PID1_REPLICA', '$ROUND'000000 + &);\n\\echo &/' |
  {psql} 2>/dev/null >{folder}/acknowledged-$ROUND-$PID1_REPLICA
exec sleep 1000
"""

REFEREE = r"""
for replica in 1 2 3; do
  until [ "$(wc -l 2>/dev/null <{folder}/acknowledged-$ROUND-$replica)" -gt 20 ] 2>/dev/null; do sleep 0.02; done
done
"""

NGINX = """
user www-data;
pid {folder}/nginx.pid;
error_log /dev/null;
events {{}}
http {{
  access_log off;
  server {{ listen unix:{folder}/nginx.sock; return 200 "well"; }}
}}
"""


class Databases(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.bin = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self.psql = f"{self.bin}/psql -qAt -v ON_ERROR_STOP=1 -h {self.folder} -d postgres"
        os.chown(self.folder, pwd.getpwnam("postgres").pw_uid, -1)
        self.folder.chmod(0o777)
        names = {"folder": self.folder, "bin": self.bin, "psql": self.psql,
                 "quoted": str(self.folder).replace("/", "%2F")}
        (self.folder / "pid1.yaml").write_text(CONFIG.format(**names))
        (self.folder / "load").write_text(LOADER.format(**names))
        (self.folder / "referee").write_text(REFEREE.format(**names))
        (self.folder / "nginx.conf").write_text(NGINX.format(**names))

    def run_pid1(self, number):
        command = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", PID1,
                   "--config", str(self.folder / "pid1.yaml"), "--log-level", "info"]
        return subprocess.run(command, env={**os.environ, "ROUND": str(number)}, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=DEADLINE)

    def acknowledged(self):
        rows = set()
        for file in self.folder.glob("acknowledged-*-*"):
            _, round_number, replica = file.name.split("-")
            for line in file.read_text().splitlines():
                rows.add((int(replica), int(round_number) * 1000000 + int(line)))
        return rows

    def kept(self):
        """The rows of the cluster, asked in a server of its own."""
        answer = subprocess.run(
            ["runuser", "-u", "postgres", "--", str(self.bin / "postgres"), "--single", "-D",
             str(self.folder / "data"), "postgres"],
            input=f"copy taken to '{self.folder}/kept';\n", capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        lines = (self.folder / "kept").read_text().splitlines()
        return [tuple(int(part) for part in line.split("\t")) for line in lines]

    def test_no_row_that_was_acknowledged_is_lost_or_doubled(self):
        for number in range(1, RESTARTS + 1):
            answer = self.run_pid1(number)
            with self.subTest(round=number):
                self.assertEqual(answer.returncode, 0, answer.stderr + answer.stdout)
                self.assertNotIn("killed: ", answer.stderr)
                self.assertIn("postgres: stopping: SIGINT", answer.stderr)
                self.assertIn("database system is shut down", answer.stderr)
                recovered = re.search("was not properly shut down|automatic recovery", answer.stderr)
                self.assertIsNone(recovered)
        kept = self.kept()
        self.assertEqual(len(kept), len(set(kept)))
        lost = self.acknowledged() - set(kept)
        self.assertEqual(lost, set())
        self.assertGreater(len(kept), RESTARTS * 3 * 20)


if __name__ == "__main__":
    unittest.main()
