"""Starts the service with everything around it once, and heals all faults after each test."""

import json
import subprocess
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

COMMAND = ["npx", "proofload", "lab", "--json"]


class Lab:
    def __init__(self, addresses):
        self.url = addresses["url"]
        self.control = addresses["control"]

    def fault(self, upstream, **fault):
        self.call("POST", f"/upstreams/{upstream}/faults", fault)

    def heal(self):
        self.call("DELETE", "/faults")

    def receipts(self, upstream):
        return self.call("GET", f"/receipts?upstream={upstream}")["receipts"]

    def call(self, method, path, body=None):
        headers = {"authorization": f"Bearer {self.control['token']}", "content-type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(self.control["url"] + path, data, headers, method=method), timeout=30) as response:
            return json.load(response)


@pytest.fixture(scope="session")
def running_lab():
    folder = Path(__file__).parent
    # The lab ends when its standard input is closed, also if this process is killed.
    with subprocess.Popen(COMMAND, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        addresses = json.loads(line) if line else {"error": "it has ended"}
        if "error" in addresses:
            pytest.fail(f"the lab did not start: {addresses['error']}")
        yield Lab(addresses)
        process.stdin.close()


@pytest.fixture
def lab(running_lab):
    yield running_lab
    running_lab.heal()
