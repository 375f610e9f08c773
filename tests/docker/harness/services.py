"""Services to write tests with, in busybox's shell."""

from harness import scripts


def shell(script, **keys):
    """A service that runs `script`; its dollars are the shell's, not pid1's."""
    return {"command": ["sh", "-c", script.replace("$", "$$")], **keys}


def lasting(name, *traps, **keys):
    return shell(scripts.lasting(name, *traps), **keys)


def bearing(orphans):
    return shell(scripts.bearing(orphans))


def daemonizing(name):
    return shell(scripts.daemonizing(name))
