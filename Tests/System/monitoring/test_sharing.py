# SPDX-License-Identifier: Apache-2.0
"""Servers that share the targets of `/sd` by the configuration of docs/operations.md, as promtool reads it."""

import json
import re

import pytest
import yaml

from harness import DASHBOARDS
from harness.local_server import LocalServer
from monitoring.promtool import run

NAMES = [f"account-{number}" for number in range(20)]
LISTED = [{"targets": ["exporter:10447"], "labels": {"__param_account": name, "provider": "lemlist", "account": name}} for name in NAMES]
LISTED.append({"targets": ["exporter:10447"], "labels": {"__param_self": "1"}})


@pytest.fixture(scope="module")
def shares(tmp_path_factory):
    """What each of two servers scrapes: the accounts' names, None for the exporter itself."""
    document = (DASHBOARDS.parent / "docs/operations.md").read_text()
    text = next(block for block in re.findall(r"```yaml\n(.*?)```", document, re.S) if "hashmod" in block)
    folder, found = tmp_path_factory.mktemp("sharing"), []
    with LocalServer(lambda *_: (200, {"Content-Type": "application/json"}, json.dumps(LISTED).encode())) as server:
        for index, regex in enumerate(["0;|.*;1", re.search(r'keeps\n`"(.+)"`', document)[1]]):
            configuration = yaml.safe_load(text.replace("http://exporter:10447", f"http://{server.target}"))
            configuration["scrape_configs"][0]["relabel_configs"][-1]["regex"] = regex
            path = folder / f"server-{index}.yml"
            path.write_text(yaml.safe_dump(configuration))
            targets = json.loads(run("promtool", "check", "service-discovery", "--timeout=3s", str(path), "outreach"))
            found.append([target["labels"].get("account") for target in targets if target["labels"]])
    assert 'regex: "0;|.*;1"' in text
    return found


def test_every_account_is_scraped_once(shares):
    assert sorted(name for share in shares for name in share if name) == sorted(NAMES) and all(len(share) > 1 for share in shares)


def test_every_server_scrapes_the_exporter_itself(shares):
    assert [share.count(None) for share in shares] == [1, 1]
