# SPDX-License-Identifier: Apache-2.0
"""Which image is tested, by which engine, and a provider that the image's program collects."""

import json
import sys
import threading
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

from harness import ROOT
from harness.local_server import LocalServer
from engine import CONFINED, LIMITS, Engine


def pytest_addoption(parser):
    parser.addoption("--image", default="outreach-exporter", help="name of the image in the store")
    parser.addoption("--store", default=str(ROOT / ".build/containers"), help="folder of the engine's store")
    parser.addoption("--runtime", default="runc", help="the engine's runtime")


@pytest.fixture(scope="session")
def engine(request):
    """podman."""
    return Engine(request.config.getoption("--store"), request.config.getoption("--runtime"))


@pytest.fixture(scope="session")
def image(request):
    """The name of the image."""
    return request.config.getoption("--image")


@pytest.fixture(scope="session")
def limits_memory(engine, image):
    """Whether this machine lets the engine limit the memory of a container."""
    status, _ = engine.attempt("run", "--rm", "--network=host", "--health-interval=disable", "--memory=256m", *LIMITS,
                               *CONFINED, image, "--version")
    return status == 0


class Provider:
    """SendKit with one campaign, for the keys that it accepts; `open` lets requests about the campaign's numbers wait."""

    def __init__(self):
        self.keys = {"sk_one"}
        self.sent = 150
        self.open = threading.Event()
        self.open.set()
        self.asked = threading.Event()

    def respond(self, path, _, fields):
        """The response to a request."""
        if fields.get("X-Api-Key") not in self.keys:
            return 401, {}, b'{"message":"Invalid API key"}'
        if not path.split("?")[0].endswith("/analytics"):
            return b'{"success":true,"data":[{"_id":"c","name":"C","status":"active"}]}'
        self.asked.set()
        self.open.wait(60)
        return json.dumps({"success": True, "data": {"campaign": {"id": "c"}, "stats": {"sent": self.sent}}}).encode()


@pytest.fixture
def provider():
    """A provider, with its base URL in `url`."""
    provider = Provider()
    with LocalServer(provider.respond, takes_fields=True) as server:
        provider.url = f"http://{server.target}"
        yield provider
        provider.open.set()
