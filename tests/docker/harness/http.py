"""Requests to a container on this machine's network."""

import socket
import urllib.error
import urllib.request

from harness.daemon import DEADLINE


def free_port():
    with socket.socket() as probe:
        probe.bind(("", 0))
        return probe.getsockname()[1]


def get(port, path="/"):
    """The answer's text; None as long as nobody answers."""
    return _request(f"http://localhost:{port}{path}", None)


def post(port, path):
    return _request(f"http://localhost:{port}{path}", b"")


def _request(url, body):
    try:
        with urllib.request.urlopen(url, body, DEADLINE) as answer:
            return answer.read().decode()
    except (urllib.error.URLError, ConnectionError):
        return None
