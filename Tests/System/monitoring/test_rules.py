# SPDX-License-Identifier: Apache-2.0
"""The rules and alerts against Debian's promtool."""

import itertools
import json
import re
import sys
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import pytest
import yaml

from harness import DASHBOARDS

sys.path.insert(0, str(DASHBOARDS))
from generator import overview, panels, settings, thresholds  # noqa: E402
from monitoring import lint, promtool, relevance, variations  # noqa: E402
from monitoring.grafana import dashboards  # noqa: E402
from monitoring.promtool import PROMETHEUS, alerts, run  # noqa: E402

RUNBOOK = DASHBOARDS.parent / "docs/runbook.md"


def test_promtool_accepts_the_rules():
    run("promtool", "check", "rules", "--lint-fatal", "rules.yml", "alerts.yml", "monitoring.yml")


def test_promtool_accepts_the_configuration():
    run("promtool", "check", "config", "prometheus.yml")


def test_the_settings_are_those_of_the_configuration_and_the_documentation():
    jobs = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())["scrape_configs"]
    assert settings.JOB in [job["job_name"] for job in jobs]
    table = (DASHBOARDS.parent / "docs/dashboards.md").read_text()
    for name, limits in [("bounce rate", settings.BOUNCED), ("unsubscribe rate", settings.UNSUBSCRIBED),
                         ("spam placement", settings.SPAM), ("week's replies", [settings.REPLIES_LOST]),
                         ("age of data", settings.AGE)]:
        row = re.search(rf"^\| {name} \|.*$", table, re.M)[0]
        for limit in limits:
            assert f"{limit:g} intervals" in row if name == "age of data" else f"{limit:.0%}".replace("%", " %") in row, row


FILES = sorted((PROMETHEUS / "tests").glob("*.yml"))
# What takes days builds on the same totals as the rest: there one variation is enough.
VARIED = [(path, variation) for path in FILES for variation in [variations.replaced, variations.twice]
          if path.stem != "monitoring" and (path.stem != "days" or variation is variations.replaced)]
# Promtool takes a processor for a minute, and the other tests mostly wait: it runs beside them, from the beginning.
POOL = ThreadPoolExecutor(2)
RUNS = {}


def begin(item):
    """Starts what a test of this module waits for; called when all tests are collected."""
    if item.originalname in ["test_promtool_passes_the_unit_tests", "test_a_replaced_pod_and_a_second_exporter_change_no_alert"]:
        key = item.callspec.params["path"], item.callspec.params.get("variation")
        RUNS[key] = POOL.submit(unit_tests, *key)


def unit_tests(path, variation):
    """Runs a file of unit tests, varied or as it is."""
    document = promtool.read(path)
    if variation:
        variations.varied(document, variation)
    return promtool.run_cases(document, promtool.groups(path, document))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_promtool_passes_the_unit_tests(path):
    RUNS[path, None].result()


@pytest.mark.parametrize("path, variation", VARIED, ids=lambda value: getattr(value, "stem", None) or value.__name__)
def test_a_replaced_pod_and_a_second_exporter_change_no_alert(path, variation):
    RUNS[path, variation].result()


def test_rules_that_are_left_out_of_a_case_produce_nothing_in_it(tmp_path):
    path = PROMETHEUS / "tests/mailboxes.yml"
    document = promtool.read(path)
    rules = [rule for group in promtool.groups(path, document) for rule in group["rules"]]
    for case in document["tests"]:
        kept = relevance.productive(rules, case)
        names = [rule.get("record") or rule["alert"] for rule in rules if rule not in kept]
        assert len(names) > len(kept)
        pattern = "|".join(set(names) - {rule.get("alert") for rule in kept})
        last = case["promql_expr_test"][-1]["eval_time"]
        case["promql_expr_test"] += [{"expr": f'{{{label}=~"{pattern}"}}', "eval_time": last} for label in ["__name__", "alertname"]]
    document["rule_files"] = [str((path.parent / name).resolve()) for name in document["rule_files"]]
    (tmp_path / "whole.json").write_text(json.dumps(document))
    run("promtool", "test", "rules", str(tmp_path / "whole.json"))


@pytest.mark.parametrize("minutes", [5, 60])
def test_bars_add_up_to_the_growth_of_a_total(tmp_path, minutes):
    # A total that jumps at every collection, at times that have nothing to do with the bars'.
    total = [minute // 7 * 11 + 40 for minute in range(241)]
    series = 'campaign:outreach_campaign_messages_sent:total{campaign="1"}'
    query = panels.happened(series).replace("$__interval", f"{minutes}m")
    bars = [{"expr": query, "eval_time": f"{start}m",
             "exp_samples": [{"labels": '{campaign="1"}', "value": total[start + minutes] - total[start]}]}
            for start in range(0, 240, minutes)]
    assert sum(bar["exp_samples"][0]["value"] for bar in bars) == total[-1] - total[0]
    # Samples after the last question are not there.
    bars.append({"expr": "vector(1)", "eval_time": "240m", "exp_samples": [{"labels": "{}", "value": 1}]})
    case = {"interval": "1m", "input_series": [{"series": series, "values": " ".join(map(str, total))}], "promql_expr_test": bars}
    (tmp_path / "bars.yml").write_text(json.dumps({"rule_files": [], "tests": [case]}))
    run("promtool", "test", "rules", str(tmp_path / "bars.yml"))


def test_a_week_is_compared_with_the_one_before_and_a_day_with_the_same_day_of_it(tmp_path):
    # 100 messages and 5 replies a day in the first week, 150 and 6 in the second; on its last day 50 messages.
    place = '{provider="lemlist", account="acme"}'
    values = {"messages_sent:increase7d": "700x167 1050x168", "messages_sent:increase1d": "100x167 150x144 50x23",
              "leads_replied:increase7d": "35x167 42x168"}
    given = [{"series": f"account:outreach_campaign_{name}{place}", "values": value} for name, value in values.items()]
    targets = overview.compared()["targets"] + overview.volume()["targets"]
    asked = [re.sub(r"\$\w+", ".+", target["expr"]) for target in targets]
    answers = [(place, 0.5), (place, -0.5), (place, 0.04), (place, 0.05), ("{}", 50), ("{}", 100)]
    case = {"interval": "1h", "input_series": given, "promql_expr_test": [
        {"expr": expression, "eval_time": "326h", "exp_samples": [{"labels": labels, "value": value}]}
        for expression, (labels, value) in zip(asked, answers, strict=True)]}
    (tmp_path / "weeks.yml").write_text(json.dumps({"rule_files": [], "tests": [case]}))
    run("promtool", "test", "rules", str(tmp_path / "weeks.yml"))


def test_no_label_of_a_target_is_left_in_what_is_recorded():
    for group in yaml.safe_load((PROMETHEUS / "rules.yml").read_text())["groups"]:
        for rule in group["rules"]:
            assert "without" not in rule["expr"], rule["record"]
            labels = " ".join(re.findall(r"(?:by|group_left) \(([^)]*)\)", rule["expr"])).replace(",", " ").split()
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
    for name in {rule["alert"] for rule in alerts()} - {"Watchdog"}:
        cases = {case for case, names in fires if name in names}
        assert cases, f"{name} never fires"
        assert any(name not in names for case, names in fires if case in cases), f"{name} never stops"


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: f"{rule['alert']}-{rule['labels']['severity']}")
def test_an_alert_has_the_labels_and_annotations_of_the_runbook(rule):
    assert rule["labels"]["severity"] in (["none"] if rule["alert"] == "Watchdog" else ["critical", "warning", "info"])
    assert rule["labels"]["team"] in ["deliverability", "operations"]
    assert "{{" not in rule["annotations"]["summary"] and rule["annotations"]["summary"].endswith(".")
    assert "{{" in rule["annotations"]["description"]
    assert rule["annotations"]["runbook_url"].endswith(f"docs/runbook.md#{rule['alert'].lower()}")


def test_the_runbook_has_a_section_per_alert_and_no_other():
    sections = re.findall(r"^## (\w+)$", RUNBOOK.read_text(), re.M)
    assert sorted(sections) == sorted({rule["alert"] for rule in alerts()})
    for section in re.split(r"\n# .*|\n## ", RUNBOOK.read_text())[1:]:
        for part in [] if not section.strip() else ["**Means**", "**Look at**", "**Do**"]:
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


def test_a_link_sets_the_variables_that_the_alert_has_labels_for(tmp_path):
    links = sorted({rule["annotations"].get("dashboard_url", "") for rule in alerts()} - {""})
    values = {"provider": "lemlist", "account": "Wile & Co", "campaign": "7"}
    subsets = [dict(chosen) for count in range(4) for chosen in itertools.combinations(values.items(), count)]
    rules = [{"alert": f"Link{index}", "expr": f'subset{{link="{index}"}}', "annotations": {"url": link}} for index, link in enumerate(links)]
    given = [{"series": f"subset{json.dumps(labels | {'link': str(index)})}".replace('": "', '="').replace('{"', "{").replace(', "', ", "),
              "values": "1"} for index in range(len(links)) for labels in subsets]
    cases = [{"alertname": f"Link{index}", "eval_time": "0m", "exp_alerts": [
        {"exp_labels": labels | {"link": str(index)}, "exp_annotations": {"url": expected(link, labels)}} for labels in subsets]}
        for index, link in enumerate(links)]
    (tmp_path / "rules.json").write_text(json.dumps({"groups": [{"name": "links", "rules": rules}]}))
    (tmp_path / "links.json").write_text(json.dumps({"rule_files": ["rules.json"], "tests": [
        {"interval": "1m", "input_series": given, "alert_rule_test": cases}]}))
    run("promtool", "test", "rules", str(tmp_path / "links.json"))


def expected(link, labels):
    """What a link of an alert with some labels is: the dashboard, and a variable per label that it can set."""
    page = re.split(r"\{\{ \$next|\?", link)[0].replace("{{ if $labels.campaign }}campaign{{ else }}overview{{ end }}",
                                                        "campaign" if "campaign" in labels else "overview")
    query = urllib.parse.urlencode({f"var-{name}": value for name, value in labels.items() if f"var-{name}=" in link})
    return page + ("?" + query if query else "")


def test_a_recording_interval_that_reaches_the_lookback_is_looked_back_over_twice():
    groups = [group for name in ["rules.yml", "alerts.yml"] for group in yaml.safe_load((PROMETHEUS / name).read_text())["groups"]]
    shown = [lint.parseable(target["expr"]) for dashboard in dashboards().values() for _, target in lint.queries(dashboard)]
    seldom = [group for group in groups if int(group["interval"].rstrip("m")) >= 5]
    assert [group["name"] for group in seldom] == ["outreach-variants"]
    for group in seldom:
        read = shown + [rule["expr"] for other in groups if other is not group for rule in other["rules"]]
        names = "|".join(rule["record"] for rule in group["rules"])
        found = [window for text in read for window in re.findall(rf"\b(?:{names})(?![\w:])(?:\{{[^}}]*\}})?(.{{0,5}})", text)]
        assert found
        assert all(window.startswith(f"[{2 * int(group['interval'].rstrip('m'))}m]") for window in found), found


def test_ratios_are_guarded_and_never_averaged():
    for group in yaml.safe_load((PROMETHEUS / "rules.yml").read_text())["groups"]:
        for rule in group["rules"]:
            assert "avg" not in rule["expr"], rule["record"]
            if "per_sent:ratio" in rule["record"]:
                assert "> 0" in rule["expr"], rule["record"]
