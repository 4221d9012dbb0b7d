"""An example service: asks an LLM, and answers 503 if that fails. Needs only Python's standard library.

`proofload.yaml` in this folder is its contract.
"""

import json
import os
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import Request, urlopen

env = os.environ


class LlmFailed(Exception):
    """The LLM gave no usable answer in time."""


def complete(question):
    body = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": question}]}
    headers = {"content-type": "application/json"}
    try:
        request = Request(f"{env['LLM_URL']}/chat/completions", json.dumps(body).encode(), headers)
        # A header of the constructor would also be sent to another host after a redirect.
        request.add_unredirected_header("authorization", f"Bearer {env['LLM_KEY']}")
        with urlopen(request, timeout=float(env["LLM_TIMEOUT_SECONDS"])) as response:
            return json.load(response)["choices"][0]["message"]["content"]
    except (OSError, HTTPException, ValueError, LookupError, TypeError) as error:
        raise LlmFailed from error


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.respond(*(200, {"ok": True}) if self.path == "/health" else (404, {"error": "not found"}))

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path != "/ask":
            return self.respond(404, {"error": "not found"})
        try:
            self.respond(200, {"answer": complete(json.loads(body)["question"])})
        except LlmFailed:
            self.respond(503, {"error": "the LLM failed"})
        except (ValueError, LookupError, TypeError):
            self.respond(400, {"error": "the body needs a question"})

    def respond(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(env["PORT"])), Handler).serve_forever()
