# SPDX-License-Identifier: Apache-2.0
"""What scripts/release makes of a program, without the image."""

import hashlib
import json
import re
import subprocess
import tarfile

import pytest

from conftest import ROOT
from generator.program import version_of


def make(program, folder):
    """Makes a release in a folder."""
    subprocess.run([ROOT / "scripts/release", "--program", program, "--output", folder, "--without-image"], check=True,
                   stdout=subprocess.DEVNULL)
    return folder


def output(*command):
    """What a command prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def release(program, tmp_path_factory):
    """A release in a folder of its own."""
    return make(program, tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def package(release):
    """The Debian package."""
    return next(release.glob("*.deb"))


@pytest.fixture(scope="module")
def tarball(release):
    """The tarball, opened."""
    with tarfile.open(next(release.glob("*.tar.gz"))) as opened:
        yield opened


def test_names_have_version_and_architecture(program, release):
    version, architecture = version_of(program), output("dpkg", "--print-architecture").strip()
    assert sorted(path.name for path in release.iterdir()) == [
        "RELEASE_NOTES.md", "SHA256SUMS", f"outreach-exporter-{version}-linux-{architecture}.cdx.json",
        f"outreach-exporter-{version}-linux-{architecture}.tar.gz", f"outreach-exporter_{version}_{architecture}.deb"]


def test_checksums_are_those_of_all_files(release):
    sums = dict(reversed(line.split("  ")) for line in (release / "SHA256SUMS").read_text().splitlines())
    assert sums == {path.name: hashlib.sha256(path.read_bytes()).hexdigest()
                    for path in release.iterdir() if path.name != "SHA256SUMS"}


def test_the_tarball_holds_everything_and_nothing_of_the_machine(program, tarball):
    name = tarball.getnames()[0]
    inside = {path.removeprefix(f"{name}/") for path in tarball.getnames()}
    assert {
        "outreach-exporter", "config.yml", "LICENSE", "CHANGELOG.md", "README.md", "docs/install.md",
        "docs/config.schema.json", "man/outreach-exporter.1", "man/outreach-exporter.yml.5",
        "completions/outreach-exporter.bash", "completions/_outreach-exporter", "completions/outreach-exporter.fish",
        "systemd/outreach-exporter.service", "systemd/outreach-exporter.socket", "examples/agency.yml",
        "dashboards/prometheus/alerts.yml", "dashboards/grafana/dashboards/outreach-overview.json",
        "kubernetes/exporter/deployment.yaml", "kubernetes/monitoring/generated/rules.yaml",
        "helm/outreach-exporter/Chart.yaml", "helm/outreach-exporter/generated/outreach-ab.json",
    } <= inside
    assert tarball.extractfile(f"{name}/outreach-exporter").read() == open(program, "rb").read()
    epoch = int(output("git", "-C", ROOT, "log", "-1", "--format=%ct"))
    for member in tarball.getmembers():
        assert (member.uid, member.gid, member.mtime, member.uname) == (0, 0, epoch, ""), member.name
    assert not [path for path in inside if "__pycache__" in path or path.endswith((".pyc", "generate"))]


def test_the_package_is_without_fault(package):
    done = subprocess.run(["lintian", "--fail-on", "error,warning", package], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout == ""


def test_the_package_keeps_configuration_and_closes_it(package):
    assert output("dpkg-deb", "--info", package, "conffiles").split() == [
        "/etc/default/outreach-exporter", "/etc/outreach-exporter/config.yml"]
    listing = output("dpkg-deb", "--contents", package)
    assert re.search(r"^-rw-r----- root/root .* \./etc/outreach-exporter/config\.yml$", listing, re.MULTILINE)
    assert re.search(r"^drwxr-x--- root/root .* \./etc/outreach-exporter/$", listing, re.MULTILINE)


def test_the_package_needs_what_the_program_is_linked_with(program, package, release):
    needed = set(re.findall(r"[\w.+-]+", re.sub(r"\([^)]*\)", "", output("dpkg-deb", "--field", package, "Depends"))))
    bill = json.loads(next(release.glob("*.cdx.json")).read_text())
    linked = {part["name"] for part in bill["components"] if part["purl"].startswith("pkg:deb/")}
    assert len(linked) > 7 and linked <= needed
    assert bill["metadata"]["component"]["hashes"][0]["content"] == hashlib.sha256(open(program, "rb").read()).hexdigest()
    assert "swift" in {part["name"] for part in bill["components"]}


def test_the_unit_of_the_package_starts_its_program(package):
    text = output("sh", "-c", f"dpkg-deb --fsys-tarfile {package} | tar -xO ./lib/systemd/system/outreach-exporter.service")
    assert "\nExecStart=/usr/bin/outreach-exporter " in text and "/usr/local" not in text


def test_the_notes_are_those_of_the_version(release):
    notes = (release / "RELEASE_NOTES.md").read_text().strip()
    assert notes and notes in (ROOT / "CHANGELOG.md").read_text()


def test_a_second_release_has_the_same_bytes(program, release, tmp_path, request):
    if not request.config.getoption("--long"):
        pytest.skip("takes --long")
    again = make(program, tmp_path / "again")
    assert (again / "SHA256SUMS").read_text() == (release / "SHA256SUMS").read_text()
