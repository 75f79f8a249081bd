# SPDX-License-Identifier: Apache-2.0
"""The rules, alerts and their surroundings against Debian's promtool and amtool."""

import re
import subprocess
import sys

import pytest
import yaml

from harness import DASHBOARDS

sys.path.insert(0, str(DASHBOARDS))
from generator import settings, thresholds  # noqa: E402
from monitoring import variations  # noqa: E402

PROMETHEUS = DASHBOARDS / "prometheus"
ALERTMANAGER = DASHBOARDS / "alertmanager/alertmanager.yml"
RUNBOOK = DASHBOARDS.parent / "docs/runbook.md"


def run(*command):
    """Runs a program, which must succeed, and returns what it prints."""
    done = subprocess.run(command, capture_output=True, text=True, cwd=PROMETHEUS)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def alerts():
    """Every alert rule."""
    groups = yaml.safe_load((PROMETHEUS / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_promtool_accepts_the_rules():
    run("promtool", "check", "rules", "--lint-fatal", "rules.yml", "alerts.yml")


def test_promtool_accepts_the_configuration():
    run("promtool", "check", "config", "prometheus.yml")


UNIT_TESTS = pytest.mark.parametrize("path", sorted((PROMETHEUS / "tests").glob("*.yml")), ids=lambda path: path.stem)


@UNIT_TESTS
def test_promtool_passes_the_unit_tests(path):
    run("promtool", "test", "rules", str(path))


@UNIT_TESTS
@pytest.mark.parametrize("variation", [variations.replaced, variations.twice], ids=lambda variation: variation.__name__)
def test_a_replaced_pod_and_a_second_exporter_change_no_alert(tmp_path, path, variation):
    # As text throughout: YAML takes `0x60`, sixty more zeros for promtool, for a hexadecimal number.
    document = variations.varied(yaml.load(path.read_text(), yaml.BaseLoader), variation)
    assert document["tests"]
    document["rule_files"] = [str((path.parent / rules).resolve()) for rules in document["rule_files"]]
    varied = tmp_path / path.name
    varied.write_text(yaml.safe_dump(document, width=1000))
    run("promtool", "test", "rules", str(varied))


def test_no_label_of_a_target_is_left_in_what_is_recorded():
    for group in yaml.safe_load((PROMETHEUS / "rules.yml").read_text())["groups"]:
        for rule in group["rules"]:
            assert "without" not in rule["expr"], rule["record"]
            labels = " ".join(re.findall(r"(?:by|on|group_left) \(([^)]*)\)", rule["expr"])).replace(",", " ").split()
            assert not {"job", "instance", "pod", "namespace", "container", "service", "endpoint", "node"} & set(labels)


def expectations():
    """The alerts that fire at each moment that the unit tests look at."""
    for path in (PROMETHEUS / "tests").glob("*.yml"):
        for case in yaml.load(path.read_text(), yaml.CSafeLoader)["tests"]:
            for moment in case.get("promql_expr_test", []):
                labels = " ".join(sample["labels"] for sample in moment.get("exp_samples", []))
                yield case["name"], set(re.findall(r'alertname="(\w+)"', labels))


def test_every_alert_has_a_moment_that_fires_and_one_of_the_same_case_that_does_not():
    fires = list(expectations())
    for name in {rule["alert"] for rule in alerts()}:
        cases = {case for case, names in fires if name in names}
        assert cases, f"{name} never fires"
        assert any(name not in names for case, names in fires if case in cases), f"{name} never stops"


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: f"{rule['alert']}-{rule['labels']['severity']}")
def test_an_alert_has_the_labels_and_annotations_of_the_runbook(rule):
    assert rule["labels"]["severity"] in ["critical", "warning", "info"]
    assert rule["labels"]["team"] in ["deliverability", "operations"]
    assert "{{" not in rule["annotations"]["summary"] and rule["annotations"]["summary"].endswith(".")
    assert "{{" in rule["annotations"]["description"]
    assert rule["annotations"]["runbook_url"].endswith(f"docs/runbook.md#{rule['alert'].lower()}")


def test_the_runbook_has_a_section_per_alert_and_no_other():
    sections = re.findall(r"^## (Outreach\w+)$", RUNBOOK.read_text(), re.M)
    assert sorted(sections) == sorted({rule["alert"] for rule in alerts()})
    for section in RUNBOOK.read_text().split("\n## Outreach")[1:]:
        for part in ["**Means**", "**Look at**", "**Do**"]:
            assert part in section, section.splitlines()[0]


@pytest.mark.parametrize("alert, limits", [
    ("OutreachBounceRateHigh", thresholds.BOUNCED), ("OutreachUnsubscribeRateHigh", thresholds.UNSUBSCRIBED),
    ("OutreachSpamPlacementHigh", thresholds.SPAM)])
def test_the_dashboards_colours_change_where_the_alerts_fire(alert, limits):
    found = sorted(float(re.search(r"> (0\.\d+)", rule["expr"])[1]) for rule in alerts() if rule["alert"] == alert)
    assert tuple(found) == limits


@pytest.mark.parametrize("alert, limit", [
    ("OutreachDataStale", f"> {thresholds.AGE[0]}"), ("OutreachAccountDown", f"ratio < {thresholds.AGE[1]}"),
    ("OutreachCollectionSlow", f"> {thresholds.DURATION[0]}"), ("OutreachApiThrottled", f"> {thresholds.THROTTLED[0]}")])
def test_so_do_the_colours_of_the_exporter(alert, limit):
    assert any(limit in rule["expr"] for rule in alerts() if rule["alert"] == alert)


def test_amtool_accepts_the_configuration():
    assert "SUCCESS" in run("amtool", "check-config", str(ALERTMANAGER))


@pytest.mark.parametrize("receivers, labels", [
    ("on-call,deliverability", "alertname=OutreachBounceRateHigh severity=critical team=deliverability account=globex"),
    ("on-call,acme", "alertname=OutreachBounceRateHigh severity=critical team=deliverability account=acme"),
    ("acme", "alertname=OutreachCampaignStalled severity=warning team=deliverability account=acme"),
    ("deliverability", "alertname=OutreachCampaignStalled severity=warning team=deliverability account=globex"),
    ("on-call", "alertname=OutreachExporterDown severity=critical team=operations"),
    ("on-call", "alertname=OutreachAccountDown severity=critical team=operations account=acme"),
    ("operations", "alertname=OutreachDataStale severity=warning team=operations account=acme"),
    ("nobody", "alertname=OutreachCounterReset severity=info team=operations account=acme"),
    ("deliverability", "alertname=SomethingElse"),
])
def test_alerts_reach_their_receivers(receivers, labels):
    run("amtool", "config", "routes", "test", f"--config.file={ALERTMANAGER}", f"--verify.receivers={receivers}",
        *labels.split())


def test_inhibitions_name_alerts_that_exist():
    known = {rule["alert"] for rule in alerts()}
    for rule in yaml.safe_load(ALERTMANAGER.read_text())["inhibit_rules"]:
        for matcher in rule["source_matchers"] + rule["target_matchers"]:
            label, pattern = re.match(r'(\w+)(?:=~|!=|=)"(.*)"', matcher).groups()
            if label == "alertname":
                for name in pattern.split("|"):
                    assert any(re.fullmatch(name, alert) for alert in known), name


def test_no_recording_interval_reaches_the_lookback():
    for group in yaml.safe_load((PROMETHEUS / "rules.yml").read_text())["groups"]:
        assert int(group["interval"].rstrip("m")) < 5, group["name"]


def test_ratios_are_guarded_and_never_averaged():
    for group in yaml.safe_load((PROMETHEUS / "rules.yml").read_text())["groups"]:
        for rule in group["rules"]:
            assert "avg" not in rule["expr"], rule["record"]
            if "per_sent:ratio" in rule["record"]:
                assert "> 0" in rule["expr"], rule["record"]
