#!/usr/bin/env python3
"""Rights of services in containers whose engine gave pid1 more or fewer."""

from harness.case import DockerTest, configuration
from harness.main import main
from harness.services import shell

SHOW = 'grep -E "^Cap(Eff|Bnd|Amb)|^NoNewPrivs" /proc/self/status | sed "s/^/$0 /"; exec sleep 3600'

# Bits of capabilities(7).
NONE = f"{0:016x}"
BIND = f"{1 << 10:016x}"


def showing(name, **keys):
    """Prints its rights, each line begun with its name."""
    service = shell(SHOW, **keys)
    service["command"].append(name)
    return service


class Privileges(DockerTest):
    def test_of_a_user_are_what_was_added_of_the_containers(self):
        container = self.run_services({
            "web": showing("web", user="1000", cap_add=["NET_BIND_SERVICE"], cap_drop=["ALL"]),
            "plain": showing("plain", user="1000")})
        container.await_line(f"web CapEff:\t{BIND}")
        container.await_line(f"web CapBnd:\t{BIND}")
        container.await_line(f"web CapAmb:\t{BIND}")
        container.await_line(f"plain CapEff:\t{NONE}")
        container.stop()
        self.assertEqual(container.exit_code(), 0)

    def test_that_were_added_let_a_user_listen_where_others_may_not(self):
        container = self.run_services(
            {"web": shell("echo hello | nc -l -p 80", user="1000",
                          cap_add=["NET_BIND_SERVICE"]),
             "other": shell("nc -l -p 81 || echo refused", user="1000"),
             "client": shell("until nc 127.0.0.1 80 < /dev/null; do :; done")},
            "--sysctl=net.ipv4.ip_unprivileged_port_start=1024")
        container.await_line("hello")
        container.await_line("refused")

    def test_can_be_dropped_where_the_engine_left_none(self):
        for option in ["--cap-drop=ALL", "--user=1000"]:
            with self.subTest(option):
                container = self.run_services(
                    {"web": showing("web", cap_drop=["ALL"],
                                    security_opt=["no-new-privileges:true"])}, option)
                container.await_line(f"web CapEff:\t{NONE}")
                container.await_line("web NoNewPrivs:\t1")

    def test_that_the_engine_did_not_give_are_an_error_at_the_load(self):
        services = {"web": shell("echo started", cap_add=["NET_ADMIN"]),
                    "other": shell("echo started too")}
        for option, why in [
                ("--cap-drop=ALL", "give it to the container (cap_add: [NET_ADMIN])"),
                ("--user=1000", "pid1 runs as user 1000")]:
            with self.subTest(option):
                container = self.run_services(services, option)
                self.assertEqual(container.exit_code(), 78)
                self.assertIn("web: cap_add: pid1 itself doesn't have NET_ADMIN: " + why,
                              container.output())
                self.assertNotIn("started", container.output())


class Limits(DockerTest):
    def test_are_at_most_those_of_the_container(self):
        services = {"web": shell("ulimit -Hn; exec sleep 3600", ulimits={"nofile": 2048})}
        container = self.run_services(services, "--ulimit=nofile=4096")
        container.await_line("2048")
        container = self.run_services(services, "--ulimit=nofile=1024")
        self.assertEqual(container.exit_code(), 78)
        self.assertIn("web: ulimits: nofile can't be 2048: pid1's own is 1024, and it lacks "
                      "SYS_RESOURCE: raise that of the container (docker run --ulimit nofile=2048)",
                      container.output())


    def test_that_need_a_cgroup_of_their_own_are_an_error_in_an_ordinary_container(self):
        container = self.run_services({"web": shell("echo started", mem_limit="64m")})
        self.assertEqual(container.exit_code(), 78)
        self.assertIn("web: mem_limit needs a cgroup v2 that pid1 may divide: ",
                      container.output())
        self.assertNotIn("started", container.output())


class Terminal(DockerTest):
    def test_is_the_services_that_asks_for_it(self):
        for options in [(), ("--init",)]:
            with self.subTest(options):
                services = {"shell": shell('echo "tty is $(tty)"; read -r line < /dev/tty; '
                                           'echo "got $line"; exec sleep 3600', tty=True),
                            "other": shell("exec sleep 3600")}
                session = self.open_session(*options, *self.configured(configuration(services)),
                                            self.image)
                session.await_line("tty is /dev/pts/0")
                session.enter("hello")
                session.await_line("got hello")


if __name__ == "__main__":
    main()
