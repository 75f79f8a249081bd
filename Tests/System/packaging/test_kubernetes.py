# SPDX-License-Identifier: Apache-2.0
"""The manifests of packaging/kubernetes, rendered by kustomize, against the schemas of Kubernetes and the program."""

import re
import subprocess

import kubernetes_validate
import pytest
import yaml

from conftest import ROOT

# A version that is still in use, and the newest whose schemas are there.
VERSIONS = ["1.31", kubernetes_validate.latest_version()]
FOLDERS = ["exporter", "shards", "monitoring"]
# Objects of the Prometheus Operator, whose schemas Kubernetes does not have.
OPERATOR = "monitoring.coreos.com/v1"
VERSION = re.search(r'static let version = "(.+)"', (ROOT / "Sources/OutreachExporter/Build.swift").read_text())[1]


@pytest.fixture(scope="module")
def objects(render):
    """The objects of a folder, by kind and name."""
    subprocess.run([ROOT / "packaging/kubernetes/generate"], check=True)
    rendered = {folder: list(yaml.safe_load_all(render(folder))) for folder in FOLDERS}
    return {folder: {(item["kind"], item["metadata"]["name"]): item for item in items} for folder, items in rendered.items()}


def one(objects, kind):
    """The only object of a kind."""
    found = [item for (name, _), item in objects.items() if name == kind]
    assert len(found) == 1
    return found[0]


def workload(objects):
    """The Deployment or the StatefulSet."""
    return next(item for (kind, _), item in objects.items() if kind in ("Deployment", "StatefulSet"))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("folder", FOLDERS)
def test_objects_fit_the_schemas(folder, version, objects):
    for item in objects[folder].values():
        if item["apiVersion"] != OPERATOR:
            kubernetes_validate.validate(item, version, strict=True)


@pytest.mark.parametrize("folder, kinds", [
    ("exporter", {"Deployment", "PersistentVolumeClaim"}), ("shards", {"StatefulSet"})])
def test_what_there_is(folder, kinds, objects):
    assert {kind for kind, _ in objects[folder]} == kinds | {
        "ConfigMap", "Service", "NetworkPolicy", "PodDisruptionBudget"}


@pytest.mark.parametrize("folder", ["exporter", "shards"])
def test_every_selector_finds_the_pods(folder, objects):
    labels = workload(objects[folder])["spec"]["template"]["metadata"]["labels"]
    selectors = [
        workload(objects[folder])["spec"]["selector"]["matchLabels"],
        one(objects[folder], "Service")["spec"]["selector"],
        one(objects[folder], "NetworkPolicy")["spec"]["podSelector"]["matchLabels"],
        one(objects[folder], "PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
    ]
    assert labels and all(selector and selector.items() <= labels.items() for selector in selectors)


@pytest.mark.parametrize("folder", ["exporter", "shards"])
def test_volumes_and_ports_are_those_that_are_named(folder, objects):
    spec = workload(objects[folder])["spec"]
    pod, container = spec["template"]["spec"], spec["template"]["spec"]["containers"][0]
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    claims = {claim["metadata"]["name"] for claim in spec.get("volumeClaimTemplates", [])}
    assert {mount["name"] for mount in container["volumeMounts"]} == volumes.keys() | claims
    assert ("ConfigMap", volumes["config"]["configMap"]["name"]) in objects[folder]
    if "storage" in volumes:
        assert ("PersistentVolumeClaim", volumes["storage"]["persistentVolumeClaim"]["claimName"]) in objects[folder]
    assert {port["name"]: port["containerPort"] for port in container["ports"]} == {"metrics": 10447}


@pytest.mark.parametrize("folder", ["exporter", "shards"])
def test_the_program_takes_the_flags_and_finds_its_files(folder, objects, check):
    spec = workload(objects[folder])["spec"]
    container = spec["template"]["spec"]["containers"][0]
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    configuration, *flags = container["args"]
    assert configuration == f"--config.file={mounts['config']}/config.yml"
    text = one(objects[folder], "ConfigMap")["data"]["config.yml"]
    read = yaml.safe_load(text)
    assert read["storage"]["path"] == mounts["storage"]
    assert all(account["api_key_file"].startswith(mounts["keys"] + "/") for account in read["accounts"])
    for share in range(1, spec["replicas"] + 1):
        # What the program makes of the pod's name.
        own = [flag.replace("auto", str(share)) for flag in flags]
        assert check(text.replace(mounts["keys"] + "/", ""), *own, keys=["instantly"]) is None
    if folder == "shards":
        assert flags == [f"--shard=auto/{spec['replicas']}"]


@pytest.mark.parametrize("folder", ["exporter", "shards"])
def test_it_is_confined_as_the_image_is_made(folder, objects):
    pod = workload(objects[folder])["spec"]["template"]["spec"]
    container = pod["containers"][0]
    uid = int(re.search(r"--uid (\d+)", (ROOT / "Dockerfile").read_text())[1])
    security = pod["securityContext"]
    assert [security[key] for key in ("runAsUser", "runAsGroup", "fsGroup")] == [uid] * 3
    assert security["runAsNonRoot"] and not pod["automountServiceAccountToken"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    assert container["image"] == f"outreach-exporter:{VERSION}"
    # Readable by the exporter and its group: the program warns about keys that everybody can read.
    assert next(volume for volume in pod["volumes"] if volume["name"] == "keys")["secret"]["defaultMode"] == 0o440


def test_rules_alerts_and_dashboards_are_those_of_the_repository(objects):
    for name in ["rules", "alerts"]:
        spec = objects["monitoring"][("PrometheusRule", f"outreach-{name}")]["spec"]
        assert spec == yaml.safe_load((ROOT / f"dashboards/prometheus/{name}.yml").read_text())
    shown = {name: text for (kind, _), item in objects["monitoring"].items() if kind == "ConfigMap"
             for name, text in item["data"].items()}
    assert shown == {path.name: path.read_text() for path in (ROOT / "dashboards/grafana/dashboards").glob("*.json")}
    maps = [item for (kind, _), item in objects["monitoring"].items() if kind == "ConfigMap"]
    assert all(item["metadata"]["labels"]["grafana_dashboard"] == "1" for item in maps)


# The names of the Operator, and those of Prometheus.
LIMITS = {"sampleLimit": "sample_limit", "bodySizeLimit": "body_size_limit", "labelNameLengthLimit": "label_name_length_limit",
          "labelValueLengthLimit": "label_value_length_limit"}


@pytest.fixture(scope="module")
def example():
    """The job in the example of Prometheus, with the interval and the timeout of all jobs."""
    configuration = yaml.safe_load((ROOT / "dashboards/prometheus/prometheus.yml").read_text())
    return configuration["global"] | next(job for job in configuration["scrape_configs"] if job["job_name"] == "outreach")


def test_the_service_monitor_scrapes_as_the_example_of_prometheus_does(objects, example):
    monitor = one(objects["monitoring"], "ServiceMonitor")["spec"]
    service = one(objects["exporter"], "Service")
    assert monitor["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    endpoint, = monitor["endpoints"]
    assert endpoint["port"] in [port["name"] for port in service["spec"]["ports"]]
    assert endpoint["relabelings"] == [{"action": "replace", "targetLabel": "job", "replacement": example["job_name"]}]
    assert (endpoint["interval"], endpoint["scrapeTimeout"]) == (example["scrape_interval"], example["scrape_timeout"])
    assert {mine: monitor[mine] for mine in LIMITS} == {mine: example[theirs] for mine, theirs in LIMITS.items()}


def test_so_does_the_scrape_config_of_an_exporter_outside_the_cluster(example):
    config = yaml.safe_load((ROOT / "packaging/kubernetes/monitoring/scrape-config.yaml").read_text())["spec"]
    assert (config["jobName"], len(config["staticConfigs"])) == (example["job_name"], 1)
    assert (config["scrapeInterval"], config["scrapeTimeout"]) == (example["scrape_interval"], example["scrape_timeout"])
    # The Operator's object has no limit of bytes.
    limits = {mine: theirs for mine, theirs in LIMITS.items() if mine != "bodySizeLimit"}
    assert {mine: config[mine] for mine in limits} == {mine: example[theirs] for mine, theirs in limits.items()}
