"""Programs to write tests with, as scripts of busybox's shell."""


def lasting(name, *traps):
    """Says that it is up, stays, and says that it stops at SIGTERM.

    `traps` are more of the shell's: `trap "echo hup" HUP`.
    """
    return "\n".join([
        f'trap "echo {name} stops; exit 0" TERM',
        *traps,
        f"echo {name} is up",
        "while :; do sleep 3600 & wait; done",
    ])


def deaf(name):
    """Says that it is up, and stays, whatever SIGTERM asks."""
    return f'trap "" TERM; echo {name} is up; while :; do sleep 3600; done'


def bearing(orphans):
    """Its grandchildren lose their parent and then end, so many in a row; it waits for none."""
    return (f"for i in $(seq {orphans}); do (sh -c : &); done\n"
            "echo all are born; exec sleep 3600")


def daemonizing(name):
    """A lasting one with a grandchild that has left its session and says that it stops."""
    grandchild = ('trap "echo grandchild stops; exit 0" TERM; echo grandchild is up; '
                  'while :; do sleep 3600 & wait; done')
    return lasting(name, f"(setsid sh -c '{grandchild}' &)")
