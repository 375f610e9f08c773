"""Images, made without a registry."""

import io
import subprocess
import tarfile
import tempfile
import uuid

from harness import places

BUSYBOX = "usr/bin/busybox"


def import_busybox(docker):
    """An image of pid1, by other inits' names too, and busybox; a test brings its configuration."""
    busybox = _busybox()
    listing = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True)
    applets = set(listing.stdout.split()) - {"busybox"}
    root = io.BytesIO()
    with tarfile.open(fileobj=root, mode="w", dereference=True) as tar:
        tar.add(places.binary(), "sbin/pid1", filter=_owned_by_root)
        tar.add(busybox, "bin/busybox", filter=_owned_by_root)
        for applet in sorted(applets):
            tar.addfile(_link(f"bin/{applet}", "busybox"))
        for name in ["sbin/tini", "usr/bin/dumb-init"]:
            tar.addfile(_link(name, "/sbin/pid1"))
        tar.addfile(_folder("tmp", 0o1777))
    return _import(docker, root.getvalue(), 'ENTRYPOINT ["/sbin/pid1"]')


def import_program(docker):
    """An image of /pid1 and one static program, /busybox, and nothing else."""
    root = io.BytesIO()
    with tarfile.open(fileobj=root, mode="w", dereference=True) as tar:
        tar.add(places.binary(), "pid1", filter=_owned_by_root)
        tar.add(_busybox(), "busybox", filter=_owned_by_root)
    return _import(docker, root.getvalue(), 'ENTRYPOINT ["/pid1", "--"]')


def import_example(docker, name):
    """The image of examples/NAME, as examples/build-image makes it."""
    example = places.WORKSPACE / "examples" / name
    settings = [line for line in (example / "Dockerfile").read_text().splitlines()
                if line.startswith(("USER ", "EXPOSE ", "ENTRYPOINT ", "CMD "))]
    with tempfile.NamedTemporaryFile() as tar:
        subprocess.run([example / "build-root", tar.name],
                       env=places.script_environment(), check=True, stdin=subprocess.DEVNULL)
        with open(tar.name, "rb") as root:
            return _import(docker, root.read(), *settings)


def _import(docker, root, *settings):
    """`settings` are a Dockerfile's lines."""
    tag = f"pid1-test:{uuid.uuid4().hex}"
    changes = [word for line in settings for word in ("--change", line)]
    importing = docker.spawn("import", *changes, "-", tag,
                             stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    importing.communicate(root)
    if importing.returncode != 0:
        raise AssertionError("docker import has failed")
    return tag


def _busybox():
    folder = places.cache() / "busybox"
    if not (folder / BUSYBOX).exists():
        subprocess.run([places.WORKSPACE / "tools" / "unpack-packages", folder, "busybox-static"],
                       env=places.script_environment(), check=True, stdin=subprocess.DEVNULL)
    return folder / BUSYBOX


def _owned_by_root(entry):
    entry.uid = entry.gid = 0
    entry.mode = 0o755
    return entry


def _link(name, target):
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    return entry


def _folder(name, mode):
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode = tarfile.DIRTYPE, mode
    return entry
