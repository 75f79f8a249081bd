# SPDX-License-Identifier: Apache-2.0
"""What `outreach-exporter --help` says, as data: its tables are the program's own."""

import re
import subprocess
from dataclasses import dataclass, field


@dataclass
class Row:
    """A term of the help and its meaning: a command, a variable."""

    term: str
    meaning: str


@dataclass
class Flag:
    """A flag: its name without dashes, its short form, the placeholder of its value, its meaning with the default."""

    name: str
    short: str | None
    placeholder: str | None
    meaning: str
    repeats: bool


@dataclass
class Group:
    """A heading of the help with its flags, and the commands that take them; none stands for all commands."""

    heading: str
    commands: list[str]
    flags: list[Flag] = field(default_factory=list)


class Help:
    """The help of a program.

    `summary` is its first line, `commands` and `variables` are rows, `groups` the groups of flags, `ending` its last lines.
    """

    def __init__(self, text):
        """Reads the help; raises ValueError where it has another form than the one known here."""
        paragraphs = text.strip("\n").split("\n\n")
        self.summary = paragraphs[0]
        self.usage = re.fullmatch(r"Usage: (.+)", paragraphs[1])[1]
        self.commands, self.groups, self.variables = [], [], []
        for paragraph in paragraphs[2:-1]:
            heading, *lines = paragraph.splitlines()
            self._read(heading, [row for row in rows(lines)])
        self.ending = paragraphs[-1].splitlines()
        if not (self.commands and self.groups and self.variables):
            raise ValueError("the help has no commands, no flags or no variables")

    def _read(self, heading, lines):
        if heading == "Commands:":
            self.commands = lines
        elif heading.startswith("Environment"):
            self.variables = lines
        elif match := re.fullmatch(r"([\w ]+?)(?: \(([\w, -]+)\))?:", heading):
            commands = match[2].split(", ") if match[2] else []
            self.groups.append(Group(match[1], commands, [flag(row) for row in lines]))
        else:
            raise ValueError(f"the help has a paragraph of unknown form: {heading}")

    @property
    def command_names(self):
        """The names of the commands."""
        return [row.term for row in self.commands]

    def flags(self, command):
        """The flags of a command, in the order of the help."""
        return [flag for group in self.groups if not group.commands or command in group.commands for flag in group.flags]


def rows(lines):
    """The rows of a table: a term is indented by two, the lines of its meaning further."""
    found = []
    for line in lines:
        if match := re.fullmatch(r"  (\S.*?)(?:  +(.*))?", line):
            found.append(Row(match[1], match[2] or ""))
        elif line.startswith("    ") and found:
            found[-1].meaning = f"{found[-1].meaning} {line.strip()}".strip()
        else:
            raise ValueError(f"the help has a line of unknown form: {line}")
    return found


def flag(row):
    """A flag from its row: `-h, --help`, `--shard=N/M`."""
    match = re.fullmatch(r"(?:-(\w), )?--([\w.-]+)(?:=(.+))?", row.term)
    if not match:
        raise ValueError(f"the help has a flag of unknown form: {row.term}")
    return Flag(match[2], match[1], match[3], row.meaning, "may be repeated" in row.meaning)


def help_of(program):
    """The help of the program at a path."""
    return Help(subprocess.run([program, "--help"], check=True, capture_output=True, text=True).stdout)


def version_of(program):
    """The version of the program at a path: `0.1.0`."""
    line = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    return re.match(r"outreach-exporter (\S+)", line)[1]
