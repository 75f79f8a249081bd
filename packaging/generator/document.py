# SPDX-License-Identifier: Apache-2.0
"""The tables of docs/configuration.md, which tests compare with the program."""

import re
from dataclasses import dataclass


@dataclass
class Key:
    """A key of the configuration file: its section, its default as the table has it, and its description in Markdown."""

    section: str
    name: str
    default: str
    meaning: str


class Document:
    """The keys that docs/configuration.md describes under "Every key"."""

    def __init__(self, path):
        text = re.search(r"^## Every key\n(.*?)^## ", path.read_text(), re.DOTALL | re.MULTILINE)[1]
        self.keys = [key for title, body in sections(text) for key in keys(title, body)]
        self.introductions = {title: introduction(body) for title, body in sections(text)}

    @property
    def sections(self):
        """The sections in their order: `collection`, …, `instantly`, …"""
        return list(dict.fromkeys(key.section for key in self.keys))

    def of(self, section):
        """The keys of a section."""
        return [key for key in self.keys if key.section == section]


def sections(text):
    """Every section below a heading of the third level, with its title without backticks."""
    parts = re.split(r"^### (.+)\n", text, flags=re.MULTILINE)
    return list(zip([title.strip("`") for title in parts[1::2]], parts[2::2]))


def introduction(body):
    """The text in front of a section's table, on one line."""
    return " ".join(re.match(r"\n*((?:[^|\n#].*\n)*)", body)[1].split())


def keys(title, body):
    """The rows of a section's tables of keys; where the first column is `under`, each row names its section itself."""
    for table in re.findall(r"(?:^\|.*\n)+", body, re.MULTILINE):
        heading, _, *rows = map(cells, table.splitlines())
        if heading[0] == "under":
            yield from (Key(name, row[1].strip("`"), *row[2:]) for row in rows for name in names(row[0]))
        elif heading[0] == "key":
            yield from (Key(title, name, *row[1:]) for row in rows for name in names(row[0]))


def names(cell):
    """The names in backticks of a cell."""
    return re.findall(r"`([^`]+)`", cell)


def cells(line):
    """The cells of a row; a vertical bar inside one is written with a backslash."""
    return [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
