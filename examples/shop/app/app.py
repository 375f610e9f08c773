"""The shop's application: counts visits in redis and queues jobs for the workers.

GET /              one more visit
POST /jobs?count=N N jobs for the workers
GET /stats         {"visits": …, "waiting": …, "done": {"1": …}}
"""

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingMixIn, UnixStreamServer
from urllib.parse import parse_qs, urlsplit

from redis import Redis, RedisError

SOCKET = os.environ.get("APP_SOCKET", "/run/shop/app.sock")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self._answer({"/": visit, "/stats": stats}, {})

    def do_POST(self):
        self._answer({"/jobs": queue_jobs}, parse_qs(urlsplit(self.path).query))

    def _answer(self, routes, query):
        route = routes.get(urlsplit(self.path).path)
        if route is None:
            return self._send(404, "not found\n")
        try:
            with Redis(patience=2) as redis:
                return self._send(200, route(redis, query))
        except RedisError as error:
            return self._send(503, f"{error}\n")
        except ValueError as error:
            return self._send(400, f"{error}\n")

    def _send(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self):
        return "nginx"  # a Unix socket's client has no address

    def log_request(self, *_):
        pass


def visit(redis, _):
    return f"Welcome, visitor {redis('INCR', 'visits')}.\n"


def queue_jobs(redis, query):
    count = int(query.get("count", ["1"])[0])
    if not 0 < count <= 1000:
        raise ValueError("expected a count between 1 and 1000")
    redis("RPUSH", "jobs", *range(count))
    return f"{count} jobs queued.\n"


def stats(redis, _):
    done = redis("HGETALL", "done")
    return json.dumps({
        "visits": int(redis("GET", "visits") or 0),
        "waiting": redis("LLEN", "jobs"),
        "done": {name: int(count) for name, count in zip(done[::2], done[1::2])},
    }) + "\n"


class Server(ThreadingMixIn, UnixStreamServer):
    request_queue_size = 128


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if os.path.exists(SOCKET):
        os.unlink(SOCKET)  # of an incarnation that was killed
    with Server(SOCKET, Handler) as server:  # waits at its end for the requests in flight
        print("app: serving", flush=True)
        server.serve_forever()


main()
