"""One container."""

import json
import subprocess

from harness.output import Output, without_name


class Container:
    def __init__(self, docker, *arguments):
        """`docker run --detach ARGUMENTS…`"""
        self._docker = docker
        self.id = docker("run", "--detach", *arguments)
        self._logs = docker.spawn("logs", "--follow", self.id, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self._output = Output(self._logs.stdout)
        self.await_line = self._output.await_line

    def stop(self, grace=300):
        """`docker stop`, whose grace period is far longer than any deadline here."""
        self._docker("stop", "--time", str(grace), self.id)

    def kill(self, signal):
        self._docker("kill", "--signal", signal, self.id)

    def exec(self, *command):
        return self._docker("exec", self.id, *command)

    def exit_code(self):
        """Of pid1; waits for its end."""
        return int(self._docker("wait", self.id))

    def said(self, *wanted):
        """Those lines of all output that are in `wanted`, in the order in which they came."""
        return [line for line in self._texts() if line in wanted]

    def output(self):
        return "\n".join(self._output.lines())

    def last_word(self):
        """pid1's last line. Docker may show lines of stdout and stderr in another order."""
        return [line for line in self._texts() if line.startswith("pid1: ")][-1]

    def _texts(self):
        return [without_name(line) for line in self._output.lines()]

    def inspect(self):
        return json.loads(self._docker("inspect", self.id))[0]

    def processes(self):
        """The state and the command of each process, as /proc in the container has them."""
        script = 'for p in /proc/[0-9]*; do cat "$p/stat" 2>/dev/null; done'
        rows = self.exec("sh", "-c", script).splitlines()
        return [(row.rpartition(")")[2].split()[0], row[row.index("(") + 1:row.rindex(")")])
                for row in rows]

    def zombies(self):
        return [command for state, command in self.processes() if state == "Z"]

    def remove(self):
        self._docker.attempt("rm", "--force", "--volumes", self.id)
        self._logs.wait()
