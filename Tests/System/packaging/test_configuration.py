# SPDX-License-Identifier: Apache-2.0
"""The JSON schema of the configuration and the examples, against the program."""

import json
import re

import jsonschema
import pytest
import yaml

from conftest import ROOT
from generator import schema
from generator.document import Document

COMMITTED = ROOT / "docs/config.schema.json"
SCHEMA = schema.schema(Document(ROOT / "docs/configuration.md"))
EXAMPLES = sorted((ROOT / "examples").glob("*.yml"))
CONFIGURATIONS = [*EXAMPLES, ROOT / "packaging/kubernetes/exporter/config.yml"]

# By key, where one stands for all of its name: a value that is right, and values that are wrong, as YAML.
VALUES = {
    "interval": ("10m", ["5 minutes", "300", "true", "[5m]"]),
    "max_staleness": ("1d", ["later", "1m1h"]),
    "user_agent": ("monitoring/1.0 (+https://example.com)", ['""', "[a]"]),
    "path": ("/tmp/reports", ["[a]"]),
    "series_per_account": ("1000", ["-1", "many", "1.5"]),
    "label_value_length": ("0", ["-1", "2000000000"]),
    "name": ("acme", ["a/b", ".a", "{a: b}"]),
    "provider": ("instantly", ["instantley"]),
    "api_key": ("${KEY}", ["[a]"]),
    "api_key_file": ("key", ["[a]"]),
    "base_url": ("http://localhost:9000/instantly", ["ftp://example.com", "https://example.com/", "https://example.com/?a=b"]),
    "allow_plain_http": ("true", ["maybe", "yes please"]),
    "ca_file": ("/etc/ssl/certs/ca-certificates.crt", ["[a]"]),
    "proxy_url": ("socks5h://user:password@proxy.example:1080", ["ftp://proxy.example", "proxy.example", "[a]"]),
    "requests_per_second": ("0.5", ["0", "1001", "fast"]),
    "concurrency": ("64", ["0", "65", "1.5"]),
    "timeout": ("500ms", ["soon"]),
    "start_date": ("2024-01-31", ["yesterday", "31.1.2024"]),
    "campaigns": ("{}", ["5", "[a]"]),
    "steps": ("false", ["maybe", "1"]),
    "mailboxes": ("false", ["maybe"]),
    "domains": ("false", ["maybe"]),
    "client": ("Northwind GmbH", ['""', "[a]", "{a: b}"]),
    "labels": ("[b2b, EMEA]", ["b2b", "{a: b}"]),
    "cost_per_month": ("97.50", ["0", "-1", "much"]),
    "currency": ("EUR", ["eur", "Euro", "[a]"]),
    "include": ('["^Q[1-4] "]', ["Q1", "{a: b}"]),
    "exclude": ('["(?i)test", "${KEY}"]', ["test"]),
    "statuses": ("[active, paused]", ["[activ]", "active"]),
    "limit": ("10", ["-1"]),
    "expand_crm_events": ("true", ["maybe"]),
    "workspace": ("0194a1b2-0000-7000-8000-000000000001", ["[a]"]),
    "channels": ("[email, linkedin]", ["[fax]", "email"]),
    "send_user": ('"usr_abc|me@example.com"', ["[a]"]),
    "ab_selected": ("A", ["C"]),
    "instantly": ("{expand_crm_events: true}", ["5", "{unknown: 1}"]),
    "lemlist": ("{ab_selected: B}", ["5", "{unknown: 1}"]),
    "sendkit": ("{workspace: a}", ["5", "{unknown: 1}"]),
}

# Keys that need another one beside them, with its value.
COMPANIONS = {"cost_per_month": {"currency": "EUR"}, "currency": {"cost_per_month": "97"}}


class Texts(yaml.SafeLoader):
    """Reads a day as text, as editors that use the schema do."""


Texts.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def fits(text):
    """Whether a configuration satisfies the schema."""
    return jsonschema.Draft202012Validator(SCHEMA).is_valid(yaml.load(text, Texts))


def configuration(section, key, value):
    """A configuration that is right but for the value of a key."""
    provider = section if section in ("instantly", "lemlist", "sendkit") else key if key in ("lemlist", "sendkit") else "instantly"
    account = {"name": "a", "provider": provider, "api_key": "key"}
    if section == "accounts":
        account.pop("api_key" if key == "api_key_file" else "", None)
        account.update(COMPANIONS.get(key, {}))
        account[key] = value
    elif section not in schema.ROOT:
        account[section] = f"{{{key}: {value}}}"
    lines = [f"{section}: {{{key}: {value}}}"] if section in schema.ROOT and section != "accounts" else []
    return "\n".join([*lines, "accounts:", "  -", *[f"    {name}: {text}" for name, text in account.items()]]) + "\n"


KEYS = [(key.section, key.name) for key in Document(ROOT / "docs/configuration.md").keys]


@pytest.mark.parametrize("section, key", KEYS, ids=lambda value: value)
def test_the_program_and_the_schema_take_the_same_values(section, key, check):
    right, wrong = VALUES[key]
    for value in [right, *wrong]:
        text = configuration(section, key, value)
        message = check(text, keys=["key"])
        assert (message is None) == (value == right), f"{text}{message}"
        assert fits(text) == (value == right), f"the schema differs from the program:\n{text}"


@pytest.mark.parametrize("text", [
    "accounts: []", "{}", "accounts: [{name: a, provider: instantly}]", "collection: {intervall: 5m}",
    "accounts: [{name: a, provider: instantly, api_key: key, key: b}]",
    "accounts: [{name: a, provider: instantly, api_key: key, api_key_file: key}]",
])
def test_both_refuse(text, check):
    assert check(text, keys=["key"]) and not fits(text)


def test_the_schema_is_up_to_date():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(COMMITTED.read_text()) == SCHEMA, "run: packaging/generate --schema"


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_examples_are_right(path, check):
    text = path.read_text().replace("/run/secrets/outreach-exporter/", "")
    assert check(text, keys=re.findall(r"api_key_file: ([\w.-]+)", text)) is None
    assert fits(text)
    named = re.search(r"\$schema=(\S+)", text)[1]
    assert (path.parent / named).resolve() == COMMITTED


def test_the_package_s_configuration_holds_nothing_but_an_example_that_is_right(check):
    text = (ROOT / "packaging/config.yml").read_text()
    assert yaml.safe_load(text) is None
    example = next(part for part in text.split("#\n") if part.startswith("#accounts"))
    assert check(re.sub("^#", "", example, flags=re.MULTILINE), keys=["instantly.key"]) is None


def test_the_examples_of_shards_name_shares_that_the_program_knows(check):
    text = (ROOT / "examples/shards.yml").read_text()
    for share in re.findall(r"--shard=(\S+)", text):
        assert check(text, f"--shard={share}", keys=re.findall(r"api_key_file: ([\w.-]+)", text)) is None
