# SPDX-License-Identifier: Apache-2.0
"""Which program is packaged, and where the tools are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "packaging"), str(Path(__file__).resolve().parents[1])]
TOOLS = ROOT / ".build/kubernetes"


def pytest_addoption(parser):
    parser.addoption("--program", default=str(ROOT / ".build/static/release/outreach-exporter"), help="path of the program")
    parser.addoption("--long", action="store_true", help="make the release twice and compare its bytes")
    parser.addoption("--kubectl", default=str(TOOLS / "kubectl/kubectl"), help="path of kubectl")
    parser.addoption("--helm", default=str(TOOLS / "helm/helm"), help="path of helm")


@pytest.fixture(scope="session")
def program(request):
    """The path of the program."""
    return os.path.realpath(request.config.getoption("--program"))


@pytest.fixture(scope="session")
def render(request):
    """Renders a folder of packaging/kubernetes by the kustomize of kubectl."""
    def call(name):
        command = [request.config.getoption("--kubectl"), "kustomize", ROOT / "packaging/kubernetes" / name]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    return call


@pytest.fixture(scope="session")
def check(program, tmp_path_factory):
    """Checks the text of a configuration by the program, whose key files exist; returns the message, None if it is fine."""
    folder = tmp_path_factory.mktemp("configuration")

    def call(text, *flags, keys=()):
        for name in keys:
            (folder / name).write_text("key")
            (folder / name).chmod(0o600)
        (folder / "config.yml").write_text(text)
        done = subprocess.run([program, "--config.check", f"--config.file={folder}/config.yml", *flags],
                              capture_output=True, text=True, env={"PATH": os.environ["PATH"], "KEY": "key"})
        return done.stderr if done.returncode else None

    return call
