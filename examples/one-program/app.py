"""A web application as many are: it has no handler for SIGTERM, and forgets the jobs that it starts.

GET /       says hello
POST /jobs  starts a job
"""

import os
import subprocess
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self._answer("Hello.\n")

    def do_POST(self):
        # The shell ends at once and leaves its job to PID 1.
        subprocess.run("sleep 0.1 &", shell=True, check=True)
        self._answer("The job has begun.\n")

    def log_message(self, *_):
        pass

    def _answer(self, text):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(text.encode())


server = ThreadingHTTPServer(("", int(os.environ.get("PORT", "8080"))), Handler)
print("app: serving", flush=True)
server.serve_forever()
