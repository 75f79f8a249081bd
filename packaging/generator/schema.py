# SPDX-License-Identifier: Apache-2.0
"""The JSON schema of the configuration file: descriptions from docs/configuration.md, types from the table here.

A test asks the program about a right and a wrong value of every key, so that the types here are the program's.
"""

import re

# A value may contain variables, which only the program can replace.
VARIABLE = {"type": "string", "pattern": r"\$\{[A-Za-z_][A-Za-z0-9_]*\}"}
DURATION = {"type": "string", "pattern": r"^(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$", "minLength": 2}
TEXT = {"type": "string", "minLength": 1}
NAME = {"type": "string", "pattern": r"^[^\s./]([^/]{0,62}[^\s/])?$"}
LABEL = {"type": "string", "pattern": r"^\S(.{0,62}\S)?$"}
AGENT = {"type": "string", "pattern": r"^\S(.{0,254}\S)?$"}
FLAG = {"type": "boolean"}
LIMIT = {"type": "integer", "minimum": 0, "maximum": 1_000_000_000}
EXPRESSIONS = {"type": "array", "items": {"type": "string", "minLength": 1}}


def words(*names):
    """One of some words."""
    return {"enum": list(names)}


def some(*names):
    """A list of some words."""
    return {"type": "array", "items": words(*names)}


# The type of every key, by section; None where the words stand in the document.
TYPES = {
    "collection": {"interval": DURATION, "max_staleness": DURATION, "user_agent": AGENT},
    "storage": {"path": TEXT},
    "limits": {"series_per_account": LIMIT, "label_value_length": LIMIT},
    "accounts": {
        "name": NAME, "provider": None, "api_key": TEXT, "api_key_file": TEXT,
        "base_url": {"type": "string", "pattern": "^https?://[^?#@]*[^/?#@]$"}, "allow_plain_http": FLAG,
        "ca_file": TEXT, "proxy_url": {"type": "string", "pattern": "^(https?|socks5h?)://[^/]+$"},
        "interval": DURATION, "max_staleness": DURATION,
        "requests_per_second": {"type": "number", "exclusiveMinimum": 0, "maximum": 1000},
        "concurrency": {"type": "integer", "minimum": 1, "maximum": 64}, "timeout": DURATION, "user_agent": AGENT,
        "start_date": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "campaigns": {"$ref": "#/$defs/campaigns"}, "steps": FLAG, "mailboxes": FLAG, "domains": FLAG,
        "client": LABEL, "labels": {"type": "array", "items": LABEL},
        "cost_per_month": {"type": "number", "exclusiveMinimum": 0, "maximum": 1_000_000_000},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "instantly": {"$ref": "#/$defs/instantly"}, "lemlist": {"$ref": "#/$defs/lemlist"},
        "sendkit": {"$ref": "#/$defs/sendkit"},
    },
    "campaigns": {"include": EXPRESSIONS, "exclude": EXPRESSIONS, "statuses": None, "limit": LIMIT},
    "instantly": {"expand_crm_events": FLAG, "workspace": TEXT},
    "lemlist": {"channels": some("email", "linkedin", "others"), "send_user": TEXT, "ab_selected": words("A", "B")},
    "sendkit": {"workspace": TEXT},
}
# The sections that are keys of the file itself; accounts contain the others.
ROOT = ["collection", "storage", "limits", "accounts"]


def schema(document):
    """The schema; raises ValueError where the document and the types here differ on which keys there are."""
    for section in dict.fromkeys([*TYPES, *document.sections]):
        here, there = set(TYPES.get(section, {})), {key.name for key in document.of(section)}
        if here != there:
            raise ValueError(f"{section}: the keys {sorted(here ^ there)} stand in docs/configuration.md or here alone")
    mappings = {section: mapping(document, section) for section in TYPES}
    account = mappings["accounts"]
    account["required"] = ["name", "provider"]
    account["oneOf"] = [{"required": ["api_key"]}, {"required": ["api_key_file"]}]
    account["dependentRequired"] = {"cost_per_month": ["currency"], "currency": ["cost_per_month"]}
    accounts = {"description": document.introductions["accounts"], "type": "array", "minItems": 1, "items": account}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of outreach-exporter",
        "type": "object",
        "properties": {name: accounts if name == "accounts" else mappings[name] for name in ROOT},
        "required": ["accounts"],
        "additionalProperties": False,
        "$defs": {name: mappings[name] for name in TYPES if name not in ROOT},
    }


def mapping(document, section):
    """The schema of a section's mapping."""
    properties = {key.name: {"description": description(key)} | value(key) for key in document.of(section)}
    return {"type": ["object", "null"], "properties": properties, "additionalProperties": False}


def value(key):
    """The schema of a key's value; a key without a value counts as not set."""
    declared = TYPES[key.section][key.name]
    if declared is None:
        names = re.findall(r"`([a-z_]+)`", key.meaning)
        declared = words(*names) if key.name == "provider" else some(*names)
    if "$ref" in declared:
        return declared
    if declared.get("type") == "array":
        return {"type": ["array", "null"], "items": {"anyOf": [declared["items"], VARIABLE]}}
    return {"anyOf": [declared, VARIABLE, {"type": "null"}]}


def description(key):
    """A key's description as plain text, with its default."""
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", key.meaning)
    default = f" Default: {key.default}." if key.default and key.default != "none" else ""
    return (text + default).replace("`", "")
