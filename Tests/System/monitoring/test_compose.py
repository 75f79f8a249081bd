# SPDX-License-Identifier: Apache-2.0
"""`docker compose up`: every file, host and port that it names exists, and it contains no secret."""

import re
import subprocess

import pytest
import yaml

from harness import DASHBOARDS

COMPOSE = yaml.safe_load((DASHBOARDS / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
PROVISIONING = DASHBOARDS / "grafana/provisioning"
EACH = pytest.mark.parametrize("name", SERVICES)
# What the simulator takes for a key.
DEMO_KEY = "api_key: demo,"


def mounted(name, inside):
    """The file of the repository that a service sees at a path."""
    for volume in SERVICES[name]["volumes"]:
        source, target, *_ = volume.split(":")
        if source.startswith(".") and inside.startswith(target):
            return DASHBOARDS / source / inside[len(target):].lstrip("/")
    return None


def test_docker_compose_accepts_it():
    # Debian's version does not know `name` yet.
    text = yaml.safe_dump({key: value for key, value in COMPOSE.items() if key != "name"})
    done = subprocess.run(["docker-compose", "--file", "-", "config", "--quiet"], input=text, text=True,
                          capture_output=True, cwd=DASHBOARDS)
    assert done.returncode == 0, done.stderr


@EACH
def test_it_is_reachable_from_this_machine_only(name):
    assert SERVICES[name]["ports"] and all(port.startswith("127.0.0.1:") for port in SERVICES[name]["ports"])


@EACH
def test_every_mount_exists_and_is_read_only_or_a_volume_of_its_own(name):
    for volume in SERVICES[name].get("volumes", []):
        source, _, *mode = volume.split(":")
        if source.startswith("."):
            assert (DASHBOARDS / source).is_dir() and mode == ["ro"], volume
        else:
            assert source in COMPOSE["volumes"], volume


@pytest.mark.parametrize("name, file", [("prometheus", "/etc/prometheus/prometheus.yml"),
                                        ("alertmanager", "/etc/alertmanager/alertmanager.yml")])
def test_a_configuration_is_where_its_flag_says(name, file):
    assert f"--config.file={file}" in SERVICES[name]["command"]
    assert mounted(name, file).is_file()


def test_prometheus_finds_its_rules_and_its_targets():
    configuration = yaml.safe_load(mounted("prometheus", "/etc/prometheus/prometheus.yml").read_text())
    for rules in configuration["rule_files"]:
        assert mounted("prometheus", f"/etc/prometheus/{rules}").is_file()
    jobs = configuration["scrape_configs"] + configuration["alerting"]["alertmanagers"]
    targets = [target for job in jobs for group in job["static_configs"] for target in group["targets"]]
    for host, port in (target.split(":") for target in targets):
        assert host == "localhost" or any(published.endswith(f":{port}") for published in SERVICES[host]["ports"]), host


def test_grafana_finds_its_dashboards_and_its_sources():
    provider = yaml.safe_load((PROVISIONING / "dashboards/outreach.yaml").read_text())["providers"][0]
    assert list(mounted("grafana", provider["options"]["path"]).glob("*.json"))
    home = SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert mounted("grafana", home).is_file()
    assert mounted("grafana", "/etc/grafana/provisioning") == PROVISIONING
    for source in yaml.safe_load((PROVISIONING / "datasources/prometheus.yaml").read_text())["datasources"]:
        host, port = re.fullmatch(r"http://([\w-]+):(\d+)", source["url"]).groups()
        assert any(published.endswith(f":{port}") for published in SERVICES[host]["ports"]), source["url"]


def test_the_exporter_needs_no_key():
    assert SERVICES["outreach-exporter"]["command"] == ["demo"]
    assert (DASHBOARDS / SERVICES["outreach-exporter"]["build"]["context"] / "Dockerfile").is_file()


def test_images_are_pinned():
    for name, service in SERVICES.items():
        assert "build" in service or re.search(r":v?\d+\.\d+\.\d+$", service["image"]), name


@pytest.mark.parametrize("path", [path for path in sorted(DASHBOARDS.rglob("*")) if path.suffix in {".yml", ".yaml", ".json"}],
                         ids=lambda path: path.name)
def test_it_contains_no_secret(path):
    lines = [line for line in path.read_text().splitlines() if not line.lstrip().startswith("#")]
    secrets = re.compile(r"(?i)(password|secret|token|api_?key|credentials|routing_key|api_url)\"?\s*[:=]\s*\S")
    assert not [line for line in lines if secrets.search(line.replace(DEMO_KEY, ""))]
