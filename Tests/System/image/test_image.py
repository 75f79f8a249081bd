# SPDX-License-Identifier: Apache-2.0
"""The image as the Dockerfile makes it: what it says of itself, who runs it, what it writes to, how it ends."""

import re

import pytest

from engine import CONFINED, LIMITS, Container
from harness import ROOT

VERSION = re.search(r'static let version = "(.+)"', (ROOT / "Sources/OutreachExporter/Build.swift").read_text())[1]
STORAGE = "/var/lib/outreach-exporter"
LISTENING = r"msg=listening address=(\S+)"


@pytest.fixture(scope="module")
def facts(engine, image):
    """What the engine knows of the image."""
    return engine.inspect(image)


def test_labels_user_port_and_program(facts):
    labels = {name.removeprefix("org.opencontainers.image."): value for name, value in facts["Labels"].items()}
    assert labels["title"] == "outreach-exporter" and labels["licenses"] == "Apache-2.0"
    assert labels["version"] == VERSION and labels["description"]
    assert {"revision", "source"} <= labels.keys()
    settings = facts["Config"]
    assert settings["User"] == "10447" and [port.split("/")[0] for port in settings["ExposedPorts"]] == ["10447"]
    assert settings["Entrypoint"] == ["/usr/local/bin/outreach-exporter"] and not settings.get("Cmd")
    # A declared volume would be made for every container, whether the storage is used or not.
    assert not settings.get("Volumes")


def test_it_is_small(facts):
    print(f"\nimage: {facts['Size'] / 1e6:.0f} MB")
    assert facts["Size"] < 160e6


def test_the_revision_is_the_label_s(engine, image, facts):
    version = engine.run("run", "--rm", "--network=host", "--health-interval=disable", *LIMITS, *CONFINED, image, "--version")
    assert f"(revision {facts['Labels']['org.opencontainers.image.revision']}, " in version


def test_users_and_files(engine, image):
    with Container(engine, image, "demo", options=CONFINED) as container:
        container.line(LISTENING)
        assert container.execute("id")[1].strip() == "uid=10447(outreach-exporter) gid=10447(outreach-exporter) groups=10447(outreach-exporter)"
        assert container.execute("ls", "-A", STORAGE)[1] == ""
        assert container.execute("sh", "-c", "find / -xdev -type f -perm -0002 2>/dev/null")[1] == ""
        for path in ["/x", "/tmp/x", f"{STORAGE}/x", "/usr/local/bin/x"]:
            status, output = container.execute("touch", path)
            assert status and "Read-only file system" in output, path


@pytest.mark.parametrize("user", ["10447", "12345:0"])
def test_the_health_check_passes_and_it_ends_at_sigterm(engine, image, user):
    with Container(engine, image, "demo", options=[*CONFINED, f"--user={user}"]) as container:
        container.line(LISTENING)
        assert container.is_healthy()
        status, seconds = container.stop()
        print(f"\n{user}: ended after {seconds:.2f} s")
        assert status == 0


def test_the_health_check_fails_while_nothing_serves(engine, image):
    with Container(engine, image, "simulate", options=CONFINED) as container:
        container.line("address=")
        assert not container.is_healthy()


@pytest.mark.parametrize("user", ["10447", "12345:0"])
def test_any_user_of_group_0_writes_to_a_new_volume(engine, image, user, provider, tmp_path):
    volume = engine.run("volume", "create").strip()
    try:
        config = tmp_path / "config.yml"
        config.write_text(f"accounts: [{{name: a, provider: sendkit, api_key: sk_one, base_url: '{provider.url}'}}]\n")
        config.chmod(0o644)
        options = [*CONFINED, f"--user={user}", f"--volume={volume}:{STORAGE}", f"--volume={config}:/config.yml:ro"]
        with Container(engine, image, "--config.file=/config.yml", f"--storage.path={STORAGE}", options=options) as container:
            container.line('msg="account is up"')
            assert container.stop()[0] == 0
            assert "storage" not in "\n".join(line for line in container.log.splitlines() if "level=error" in line)
        with Container(engine, image, "--config.file=/config.yml", f"--storage.path={STORAGE}", options=options) as container:
            container.line("data of an earlier run restored")
    finally:
        engine.attempt("volume", "rm", "--force", volume)
