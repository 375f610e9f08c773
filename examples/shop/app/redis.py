"""As much of a redis client as the shop needs: one connection, commands, replies (RESP 2)."""

import os
import socket
import time

SOCKET = os.environ.get("REDIS_SOCKET", "/run/shop/redis.sock")


class RedisError(Exception):
    pass


class Redis:
    def __init__(self, patience=10.0):
        """Connects; for `patience` seconds it tries again where redis doesn't listen yet."""
        self._socket = _connect(time.monotonic() + patience)
        self._replies = self._socket.makefile("rb")

    def __call__(self, *command):
        words = [str(word).encode() for word in command]
        packed = [b"*%d\r\n" % len(words)] + [b"$%d\r\n%s\r\n" % (len(w), w) for w in words]
        self._socket.sendall(b"".join(packed))
        return self._reply()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._replies.close()
        self._socket.close()

    def _reply(self):
        line = self._replies.readline()
        if not line.endswith(b"\r\n"):
            raise RedisError("redis has closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest.decode()
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else self._replies.read(int(rest) + 2)[:-2].decode()
        if kind == b"*":
            return None if rest == b"-1" else [self._reply() for _ in range(int(rest))]
        raise RedisError(rest.decode())


def _connect(deadline):
    while True:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(SOCKET)
            return connection
        except OSError as error:
            connection.close()
            if time.monotonic() > deadline:
                raise RedisError(f"cannot connect to {SOCKET}: {error.strerror}") from error
            time.sleep(0.02)
