"""Services to write tests with, in busybox's shell."""


def shell(script, **keys):
    """A service that runs `script`; its dollars are the shell's, not pid1's."""
    return {"command": ["sh", "-c", script.replace("$", "$$")], **keys}


def lasting(name, *traps, **keys):
    """Says that it is up, stays, and says that it stops at SIGTERM.

    `traps` are more of the shell's: `trap "echo hup" HUP`.
    """
    lines = [
        f'trap "echo {name} stops; exit 0" TERM',
        *traps,
        f"echo {name} is up",
        "while :; do sleep 3600 & wait; done",
    ]
    return shell("\n".join(lines), **keys)


def bearing(orphans):
    """A service whose grandchildren lose their parent and then end, so many in a row."""
    return shell(f"for i in $(seq {orphans}); do (sh -c : &); done\n"
                 "echo all are born; exec sleep 3600")


def daemonizing(name):
    """A lasting service with a grandchild that has left its session and says that it stops."""
    grandchild = ('trap "echo grandchild stops; exit 0" TERM; echo grandchild is up; '
                  'while :; do sleep 3600 & wait; done')
    return lasting(name, f"(setsid sh -c '{grandchild}' &)")
