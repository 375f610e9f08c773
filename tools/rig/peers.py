"""One class per supervisor: where it is, how it is configured, how it is asked
to stop. Every configuration is generated in the supervisor's native form."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from rig import Run, helper


@dataclass
class Plan:
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    isolate_net: bool = False


def env_or_which(variable: str, *names: str) -> str | None:
    """A peer's binary: from the environment, else from PATH."""
    value = os.environ.get(variable)
    if value:
        return value if os.access(value, os.X_OK) else None
    for name in names:
        found = shutil.which(name, path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
        if found:
            return found
    return None


class Peer:
    name = ""
    single = False                  # runs one command, does not restart it
    max_services = 100_000
    stop_signal = signal.SIGTERM
    forwards_usr1 = False
    captures_logs = False           # each service's output to a file of its own
    logs_to_stdout = False          # all services' output to the supervisor's stdout
    log_bytes = 1 << 30             # how much the log test writes through it
    restart_note = ""

    @property
    def binary(self) -> str | None:
        raise NotImplementedError

    def available(self) -> bool:
        return self.binary is not None

    def version(self) -> str:
        return ""

    def prepare(self, run: Run, config: Path) -> Plan:
        """Write the configuration for run.n services of run.program; the command."""
        raise NotImplementedError

    def log_files(self, run: Run, service: int) -> list[Path]:
        """What the service's captured output ended up in, oldest first."""
        return []

    def binaries(self) -> list[str]:
        """The executables a container needs of it."""
        return [self.binary] if self.binary else []

    def extra_paths(self) -> list[str]:
        """Further files and directories it cannot run without (interpreters' libraries)."""
        return []

    # helpers

    @staticmethod
    def args(run: Run, service: int) -> list[str]:
        return [run.program, str(service), run.events_path]

    def _run_dirs(self, run: Run, config: Path, logger: str | None) -> None:
        """Service directories as s6, runit and nitro want them. ./run is the
        program itself, not a shell script, so that no shell is measured."""
        for i in range(run.n):
            d = config / f"s{i}"
            d.mkdir()
            (d / "run").symlink_to(run.program)
            if logger and run.logs:
                (d / "log").mkdir()
                (run.dir / f"log{i}").mkdir()
                script = d / "log" / "run"
                script.write_text("#!/bin/sh\nexec " + logger.format(dir=run.dir / f"log{i}") + "\n")
                script.chmod(0o755)


def _version(*command: str) -> str:
    try:
        p = subprocess.run(command, capture_output=True, text=True, timeout=20)
        return (p.stdout + p.stderr).strip().splitlines()[0]
    except (OSError, subprocess.SubprocessError, IndexError):
        return ""


def _debian(package: str) -> str:
    return _version("dpkg-query", "-W", "-f", "${Package} ${Version}", package)


# ---- yardsticks ---------------------------------------------------------------


class NoInit(Peer):
    """The service itself as PID 1: what an init can at best not add to."""
    name, single, forwards_usr1 = "none", True, True
    binary = property(lambda self: helper("svc"))

    def prepare(self, run, config):
        return Plan(self.args(run, 0))


class Floor(Peer):
    """helpers/floor.c: the least code that supervises N services."""
    name, forwards_usr1 = "floor", True
    logs_to_stdout = True           # by inheritance: nothing is copied
    method = "vfork"
    binary = property(lambda self: helper("floor"))

    def prepare(self, run, config):
        return Plan([self.binary, "-m", self.method, str(run.n), run.program, run.events_path])


class FloorFork(Floor):
    name, method, logs_to_stdout = "floor-fork", "fork", False


class FloorSingle(Floor):
    name, single, logs_to_stdout = "floor-1", True, False

    def prepare(self, run, config):
        return Plan([self.binary, "-1", "--"] + self.args(run, 0))


# ---- single-command inits -----------------------------------------------------


class Tini(Peer):
    name, single, forwards_usr1 = "tini", True, True
    binary = property(lambda self: env_or_which("BENCH_TINI", "tini"))

    def version(self):
        return _debian("tini")

    def prepare(self, run, config):
        return Plan([self.binary, "--"] + self.args(run, 0))


class TiniStatic(Tini):
    name = "tini-static"
    binary = property(lambda self: env_or_which("BENCH_TINI_STATIC", "tini-static"))


class DumbInit(Peer):
    name, single, forwards_usr1 = "dumb-init", True, True
    binary = property(lambda self: env_or_which("BENCH_DUMB_INIT", "dumb-init"))

    def version(self):
        return _debian("dumb-init")

    def prepare(self, run, config):
        return Plan([self.binary, "--"] + self.args(run, 0))


class Catatonit(Peer):
    name, single, forwards_usr1 = "catatonit", True, True
    binary = property(lambda self: env_or_which("BENCH_CATATONIT", "catatonit"))

    def version(self):
        return _debian("catatonit")

    def prepare(self, run, config):
        return Plan([self.binary, "--"] + self.args(run, 0))


# ---- supervisors --------------------------------------------------------------


class S6(Peer):
    name, captures_logs = "s6", True
    log_bytes = 256 << 20
    restart_note = "waits 1 s unless the service had been ready for over 1 s"
    binary = property(lambda self: env_or_which("BENCH_S6_SVSCAN", "s6-svscan"))

    def version(self):
        return _debian("s6")

    def prepare(self, run, config):
        # 240 MB files, 100 of them: nothing the log test writes is rotated away
        self._run_dirs(run, config, "s6-log n100 s250000000 {dir}")
        env = {}
        if run.quick:
            env["BENCH_NOTIFY_FD"] = "3"
            for i in range(run.n):
                (config / f"s{i}" / "notification-fd").write_text("3\n")
        return Plan([self.binary, "-c", str(max(500, run.n + 10)), str(config)], env)

    def log_files(self, run, service):
        d = run.dir / f"log{service}"
        return sorted(d.glob("@*")) + [d / "current"]

    def binaries(self):
        return [self.binary] + [str(Path(self.binary).with_name(n)) for n in ("s6-supervise", "s6-log")]


class Runit(Peer):
    """runsvdir as PID 1, asked to stop with HUP (its TERM leaves without
    stopping anything)."""
    name, captures_logs = "runit", True
    log_bytes = 256 << 20
    max_services = 1000
    stop_signal = signal.SIGHUP
    restart_note = "waits 1 s if the service lived less than 1 s"
    binary = property(lambda self: env_or_which("BENCH_RUNSVDIR", "runsvdir"))

    def version(self):
        return _debian("runit")

    def prepare(self, run, config):
        self._run_dirs(run, config, "svlogd {dir}")
        if run.logs:
            for i in range(run.n):
                (run.dir / f"log{i}" / "config").write_text("s0\n")     # no rotation
        return Plan([self.binary, "-P", str(config)])

    def log_files(self, run, service):
        return [run.dir / f"log{service}" / "current"]

    def binaries(self):
        return [self.binary] + [str(Path(self.binary).with_name(n)) for n in ("runsv", "svlogd")]


class RunitSh(Runit):
    """runsvdir under a shell as PID 1 that stops the services on TERM, the
    customary way to have runit shut a container down."""
    name = "runit+sh"
    stop_signal = signal.SIGTERM

    def available(self):
        return super().available() and env_or_which("BENCH_SV", "sv") is not None

    def prepare(self, run, config):
        inner = super().prepare(run, config).command
        script = run.dir / "init.sh"
        script.write_text(f"""#!/bin/sh
{' '.join(inner)} &
pid=$!
trap 'sv -w 10 force-stop {config}/*; kill -HUP $pid; wait $pid; exit 0' TERM
wait $pid
""")
        script.chmod(0o755)
        return Plan(["/bin/sh", str(script)])


class Supervisord(Peer):
    name, captures_logs = "supervisord", True
    log_bytes = 256 << 20
    restart_note = "startsecs=0: at the next turn of its loop"
    binary = property(lambda self: env_or_which("BENCH_SUPERVISORD", "supervisord"))

    def version(self):
        return _debian("supervisor")

    def prepare(self, run, config):
        out = [f"""[supervisord]
nodaemon=true
user=root
logfile=/dev/null
logfile_maxbytes=0
pidfile={run.dir}/supervisord.pid
childlogdir={run.dir}
minfds={max(1024, 4 * run.n + 100)}
"""]
        for i in range(run.n):
            log = f"{run.dir}/log{i}" if run.logs else "NONE"
            out.append(f"""[program:s{i}]
command={' '.join(self.args(run, i))}
autorestart=true
startsecs={0 if run.quick else 1}
startretries=1000000
stdout_logfile={log}
stdout_logfile_maxbytes=0
stderr_logfile=NONE
""")
        (config / "supervisord.conf").write_text("\n".join(out))
        return Plan([self.binary, "-c", str(config / "supervisord.conf")])

    def log_files(self, run, service):
        return [run.dir / f"log{service}"]

    def extra_paths(self):
        return ["/usr/bin/python3.11", "/usr/lib/python3.11", "/usr/lib/python3/dist-packages/supervisor",
                "/usr/lib/python3/dist-packages/pkg_resources"]


class Dinit(Peer):
    name, captures_logs = "dinit", True
    restart_note = "restart-delay=0 restart-limit-count=0 (default 0.2 s, at most 3 in 10 s)"
    binary = property(lambda self: env_or_which("BENCH_DINIT", "dinit"))

    def version(self):
        return _version(self.binary, "--version")

    def prepare(self, run, config):
        (config / "boot.d").mkdir()
        (config / "boot").write_text("type = internal\nwaits-for.d = boot.d\n")
        for i in range(run.n):
            (config / "boot.d" / f"s{i}").touch()
            text = f"type = process\ncommand = {' '.join(self.args(run, i))}\nrestart = yes\nsmooth-recovery = yes\n"
            if run.quick:
                text += "restart-delay = 0\nrestart-limit-count = 0\n"
            if run.logs:
                text += f"logfile = {run.dir}/log{i}\n"
            (config / f"s{i}").write_text(text)
        return Plan([self.binary, "-o", "-d", str(config), "-p", str(run.dir / "dinitctl"), "-t", "boot"])

    def log_files(self, run, service):
        return [run.dir / f"log{service}"]


class Nitro(Peer):
    name = "nitro"
    max_services = int(os.environ.get("BENCH_NITRO_MAX", "490"))    # MAXSV, less a few
    restart_note = "waits 1 s if the service had only just started"
    binary = property(lambda self: env_or_which("BENCH_NITRO", "nitro"))

    def version(self):
        return os.environ.get("BENCH_NITRO_VERSION", "")

    def prepare(self, run, config):
        self._run_dirs(run, config, None)
        env = {"NITRO_SOCK": str(run.dir / "nitro.sock")}
        if run.quick:
            env["BENCH_NOTIFY_FD"] = "3"
            for i in range(run.n):
                (config / f"s{i}" / "notification-fd").write_text("3\n")
        return Plan([self.binary, str(config)], env)


class Pm2(Peer):
    """pm2-runtime under node. Kept off the network."""
    name, captures_logs = "pm2", True
    max_services = int(os.environ.get("BENCH_PM2_MAX", "100"))
    log_bytes = 64 << 20
    restart_note = "restart_delay 0"
    node = property(lambda self: env_or_which("BENCH_NODE", "node"))

    @property
    def binary(self):
        return env_or_which("BENCH_PM2_RUNTIME", "pm2-runtime") if self.node else None

    def version(self):
        try:
            pkg = Path(self.binary).resolve().parent.parent / "package.json"
            return "pm2 " + json.loads(pkg.read_text())["version"] + ", node " + _version(self.node, "--version")
        except (OSError, ValueError, KeyError):
            return ""

    def prepare(self, run, config):
        apps = [{"name": f"s{i}", "script": run.program, "args": [str(i), run.events_path],
                 "interpreter": "none", "exec_mode": "fork", "autorestart": True,
                 "max_restarts": 1000000, "min_uptime": 100,
                 "out_file": f"{run.dir}/log{i}" if run.logs else "/dev/null", "error_file": "/dev/null"}
                for i in range(run.n)]
        conf = config / "ecosystem.config.js"
        conf.write_text("module.exports = " + json.dumps({"apps": apps}, indent=1) + "\n")
        return Plan([self.node, self.binary, "start", str(conf)],
                    {"PM2_HOME": str(run.dir / "pm2"), "PM2_KILL_SIGNAL": "SIGTERM",
                     "PM2_DISABLE_VERSION_CHECK": "true"}, isolate_net=True)

    def log_files(self, run, service):
        return [run.dir / f"log{service}"]

    def binaries(self):
        return [self.node]

    def extra_paths(self):
        p = Path(self.binary).resolve()
        for parent in p.parents:
            if parent.name == "node_modules":
                return [str(parent)]
        return [str(p)]


# ---- pid1 ---------------------------------------------------------------------


class Pid1(Peer):
    """The project, with its own configuration (docs/reference/config.md).
    JSON strings are valid YAML scalars, so they are quoted as JSON."""
    name = "pid1"
    # The shortest restart delay that can be expressed, and a log file for each service, if any.
    quick_restart = os.environ.get("BENCH_PID1_QUICK", "restart: {condition: any, delay: 0s, max_delay: 0s}")
    log_line = os.environ.get(
        "BENCH_PID1_LOG", "logging: {driver: file, options: {path: {file}, format: raw}}")
    binary = property(lambda self: env_or_which("BENCH_PID1", "pid1"))

    @property
    def captures_logs(self):
        return bool(self.log_line)

    @property
    def logs_to_stdout(self):
        return not self.log_line

    def version(self):
        return _version(self.binary, "--version")

    def service(self, run: Run, i: int) -> list[str]:
        lines = [f"  s{i}:", f"    command: {json.dumps(self.args(run, i))}", "    stop_grace_period: 10s",
                 "    " + (self.quick_restart if run.quick else "restart: always")]
        if run.logs and self.log_line:
            lines.append("    " + self.log_line.replace("{file}", json.dumps(str(run.dir / f"log{i}"))))
        return lines

    def prepare(self, run, config):
        lines = ["services:"]
        for i in range(run.n):
            lines += self.service(run, i)
        conf = config / "pid1.yaml"
        conf.write_text("\n".join(lines) + "\n")
        return Plan([self.binary, "--config", str(conf)])

    def log_files(self, run, service):
        return [run.dir / f"log{service}"]


class Pid1Single(Pid1):
    name, single, forwards_usr1 = "pid1-1", True, True
    captures_logs = logs_to_stdout = False

    def prepare(self, run, config):
        return Plan([self.binary, "--"] + self.args(run, 0))


ALL: list[Peer] = [NoInit(), Floor(), FloorFork(), FloorSingle(), Tini(), TiniStatic(), DumbInit(), Catatonit(),
                   S6(), Runit(), RunitSh(), Supervisord(), Dinit(), Nitro(), Pm2(), Pid1(), Pid1Single()]


def choose(names: str | None) -> list[Peer]:
    known = {p.name: p for p in ALL}
    if names:
        wanted = [n.strip() for n in names.split(",")]
        unknown = [n for n in wanted if n not in known]
        if unknown:
            raise SystemExit(f"unknown peer {', '.join(unknown)}; known: {', '.join(known)}")
        return [known[n] for n in wanted]
    return [p for p in ALL if p.available()]
