# SPDX-License-Identifier: Apache-2.0
"""Tables: one query per column of numbers, merged into rows by the labels they share."""

from dataclasses import dataclass

from .panels import panel, target
from .thresholds import NEUTRAL


# A column without a value in any row disappears: the provider never reports it. "No last value" is said of words as well, while
# Grafana's "all nulls" is true of them.
EMPTY = {"matcher": {"id": "byValue", "options": {"reducer": "lastNotNull", "op": "==", "value": None}},
         "properties": [{"id": "custom.hidden", "value": True}]}


@dataclass(frozen=True)
class Column:
    """A column: of numbers if it has an expression, else of the label `source`."""

    title: str
    source: str = ""
    expression: str = ""
    unit: str = "short"
    thresholds: dict | None = None
    decimals: int | None = None
    mappings: tuple = ()
    gauge: bool = False
    link: dict | None = None
    width: int | None = None
    hidden: bool = False


def label(name, title, **rest):
    """A column that shows a label."""
    return Column(title, source=name, **rest)


def number(title, expression, unit="short", **rest):
    """A column that shows a query's values."""
    return Column(title, expression=expression, unit=unit, **rest)


def table(title, description, columns, *sort):
    """A table sorted by some columns, `-` before a title for falling numbers; labels that no column names are left out."""
    queried = [column for column in columns if column.expression]
    sources = {id(column): f"Value #{chr(ord('A') + index)}" for index, column in enumerate(queried)}
    names = [column.source or sources[id(column)] for column in columns]
    shown = panel("table", title, description,
                  [target(column.expression, instant=True, table=True) for column in queried], "short",
                  {"showHeader": True, "cellHeight": "sm", "footer": {"show": False},
                   "sortBy": [{"displayName": title.lstrip("-"), "desc": title.startswith("-")} for title in sort]},
                  NEUTRAL, custom={"align": "auto", "filterable": False},
                  overrides=[*(override(name, column) for name, column in zip(names, columns)), EMPTY])
    shown["transformations"] = [
        {"id": "merge", "options": {}},
        {"id": "filterFieldsByName", "options": {"include": {"names": names}}},
        {"id": "organize", "options": {"indexByName": {name: index for index, name in enumerate(names)},
                                       "excludeByName": {}, "renameByName": {}}},
    ]
    return shown


def override(name, column):
    """How Grafana shows a column."""
    properties = {"displayName": column.title, "unit": column.unit if column.expression else None,
                  "thresholds": column.thresholds, "decimals": column.decimals, "mappings": list(column.mappings) or None,
                  "links": [column.link] if column.link else None, "custom.width": column.width,
                  "custom.hidden": True if column.hidden else None, "custom.cellOptions": cell(column)}
    if column.gauge:
        properties |= {"min": 0, "max": 1}
    return {"matcher": {"id": "byName", "options": name},
            "properties": [{"id": key, "value": value} for key, value in properties.items() if value is not None]}


def cell(column):
    """A coloured text where there are limits or words, a bar where asked for."""
    if column.gauge:
        return {"type": "gauge", "mode": "basic", "valueDisplayMode": "text"}
    return {"type": "color-text"} if column.thresholds or column.mappings else None
