# SPDX-License-Identifier: Apache-2.0
"""The chart of packaging/helm: what it renders is what the manifests are, which other tests look at."""

import json
import subprocess

import kubernetes_validate
import pytest
import yaml

from conftest import ROOT
from test_kubernetes import OPERATOR, VERSION, VERSIONS, objects  # noqa: F401

CHART = ROOT / "packaging/helm/outreach-exporter"
EVERYTHING = ["--set=monitoring.serviceMonitor=true,monitoring.rules=true,monitoring.dashboards=true"]
SHARDS = ["--set=shards=3"]


@pytest.fixture(scope="module")
def helm(request, objects):  # noqa: F811
    """Calls helm, after the files are written that the chart copies."""
    def call(*arguments):
        return subprocess.run([request.config.getoption("--helm"), *arguments], capture_output=True, text=True)

    return call


@pytest.fixture(scope="module")
def template(helm):
    """Renders the chart; returns its objects by kind."""
    def call(*flags):
        done = helm("template", "outreach-exporter", CHART, "--namespace=outreach", *flags)
        assert done.returncode == 0, done.stderr
        found = {}
        for item in filter(None, yaml.safe_load_all(done.stdout)):
            found.setdefault(item["kind"], []).append(item)
        return found

    return call


def comparable(item):
    """An object without what names it: labels, selectors, the hash of the configuration and of its name."""
    def cleaned(value):
        if isinstance(value, dict):
            return {key: cleaned(child) for key, child in value.items()
                    if key not in ("labels", "matchLabels", "selector", "annotations", "metadata", "configMap")}
        return [cleaned(child) for child in value] if isinstance(value, list) else value

    return cleaned(item)


def comparable_monitoring(item):
    """The specification of an object of the operator as text, without what names namespaces and services."""
    left_out = ("namespaceSelector", "selector")
    return json.dumps({key: value for key, value in item["spec"].items() if key not in left_out}, sort_keys=True)


def test_lint(helm):
    done = helm("lint", "--strict", "--quiet", CHART)
    assert done.returncode == 0, done.stdout


def test_its_version_is_the_program_s():
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert chart["version"] == chart["appVersion"] == VERSION


@pytest.mark.parametrize("folder, flags", [("exporter", []), ("shards", SHARDS)])
def test_it_renders_what_the_manifests_are(folder, flags, template, objects):  # noqa: F811
    rendered = template(*flags)
    assert sorted(rendered) == sorted(kind for kind, _ in objects[folder])
    for (kind, _), item in objects[folder].items():
        mine, = rendered[kind]
        if kind == "ConfigMap":
            assert yaml.safe_load(mine["data"]["config.yml"]) == yaml.safe_load(item["data"]["config.yml"])
        else:
            assert comparable(mine) == comparable(item)


def test_it_renders_the_objects_of_monitoring(template, objects):  # noqa: F811
    rendered = template(*EVERYTHING)
    for kind in ["PrometheusRule", "ServiceMonitor"]:
        theirs = [comparable_monitoring(item) for (name, _), item in objects["monitoring"].items() if name == kind]
        assert sorted(map(comparable_monitoring, rendered[kind])) == sorted(theirs)
    monitor, = rendered["ServiceMonitor"]
    assert monitor["spec"]["namespaceSelector"] == {"matchNames": ["outreach"]}
    service, = rendered["Service"]
    assert monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    texts = {name: text for item in rendered["ConfigMap"] for name, text in item["data"].items()}
    for path in (ROOT / "dashboards/grafana/dashboards").glob("*.json"):
        assert texts[path.name] == path.read_text()


def test_the_operator_finds_its_objects_by_further_labels(template):
    rendered = template(*EVERYTHING, "--set=monitoring.labels.release=stack")
    labels = [item["metadata"]["labels"] for kind in ["ServiceMonitor", "PrometheusRule"] for item in rendered[kind]]
    assert [each["release"] for each in labels] == ["stack"] * 3
    assert {each["app.kubernetes.io/instance"] for each in labels} == {"outreach-exporter"}
    service, = rendered["Service"]
    selector = rendered["ServiceMonitor"][0]["spec"]["selector"]["matchLabels"]
    assert "release" not in selector and selector.items() <= service["metadata"]["labels"].items()


@pytest.mark.parametrize("flags", [EVERYTHING, SHARDS], ids=["exporter", "shards"])
def test_objects_fit_the_schemas_and_find_the_pods(flags, template):
    rendered = template(*flags)
    for item in [item for items in rendered.values() for item in items if item["apiVersion"] != OPERATOR]:
        kubernetes_validate.validate(item, VERSIONS[-1], strict=True)
    workload, = rendered.get("Deployment") or rendered["StatefulSet"]
    labels = workload["spec"]["template"]["metadata"]["labels"]
    for selector in [workload["spec"]["selector"]["matchLabels"], rendered["Service"][0]["spec"]["selector"],
                     rendered["NetworkPolicy"][0]["spec"]["podSelector"]["matchLabels"],
                     rendered["PodDisruptionBudget"][0]["spec"]["selector"]["matchLabels"]]:
        assert selector and selector.items() <= labels.items()


@pytest.mark.parametrize("example", ["account", "agency", "shards"])
def test_a_configuration_passes_through_unchanged(example, template, tmp_path, check):
    text = (ROOT / f"examples/{example}.yml").read_text()
    values = tmp_path / "values.yaml"
    values.write_text("config:\n" + "".join(f"  {line}\n" for line in text.splitlines()))
    rendered, = template(f"--values={values}")["ConfigMap"]
    keys = [account["api_key_file"] for account in yaml.safe_load(text)["accounts"]]
    assert check(rendered["data"]["config.yml"], keys=keys) is None


@pytest.mark.parametrize("wrong", ["shards=0", "unknown=1", "monitoring.rule=true", "monitoring.labels=stack", "config.accounts=null"])
def test_wrong_values_are_refused(wrong, helm):
    assert helm("template", "outreach-exporter", CHART, f"--set={wrong}").returncode != 0
