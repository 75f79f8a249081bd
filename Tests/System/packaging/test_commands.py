# SPDX-License-Identifier: Apache-2.0
"""The commands that the documentation names exist, and take the options that they are named with."""

import os
import re
import shlex
import subprocess

import pytest

from conftest import ROOT
from generator.program import help_of

DOCUMENTS = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"]
FOLDERS = ["Sources", "Tests", "packaging", "scripts", "dashboards", "examples", "docs", ".ci"]
# What a script names in its usage or its source; Python's argparse prints both.
OPTION = re.compile(r"--[a-z][a-z.-]*")


def commands(text):
    """Every command of a Markdown text: lines of its blocks of shell, joined where they go on, and code in its sentences."""
    blocks = re.findall(r"```(?:sh|console)\n(.*?)```", text, re.DOTALL)
    rest = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    lines = [line for block in blocks for line in re.sub(r"\\\n", " ", block).splitlines()]
    return [part.strip() for line in lines + re.findall(r"`([^`\n]+)`", rest)
            for part in re.split(r"&&|\|\||[|;]", re.sub(r"(^|\s)#.*", "", line.removeprefix("$ ")))]


def words(command):
    """The words of a command without the variables in front of it; none if it is no command."""
    try:
        found = shlex.split(command)
    except ValueError:
        return []
    while found and re.fullmatch(r"[A-Z_]+=.*", found[0]):
        found.pop(0)
    return found


COMMANDS = sorted({(path.relative_to(ROOT).as_posix(), command) for path in DOCUMENTS for command in commands(path.read_text())
                   if words(command)})


def named(test):
    """The commands whose words satisfy a test."""
    return [(path, command) for path, command in COMMANDS if test(words(command))]


def test_make_has_every_target_that_is_named_and_a_line_about_each():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    # Sentences such as `make it` are no code.
    missing = [(path, command) for path, command in named(lambda found: found[0] == "make" and len(found) > 1)
               if words(command)[1] not in targets]
    assert missing == []
    help = subprocess.run(["make", "-C", ROOT, "--no-print-directory", "help"], check=True, capture_output=True, text=True).stdout
    assert {line.split()[0] for line in help.splitlines()} == targets - {"release", "debug"}
    table = (ROOT / "CONTRIBUTING.md").read_text()
    assert [target for target in targets - {"help", "release", "debug"} if f"make {target}" not in table] == []


def test_make_finds_what_its_targets_need():
    dry = subprocess.run(["make", "-C", ROOT, "--dry-run", *re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)],
                         check=True, capture_output=True, text=True).stdout
    scripts = {found for line in dry.splitlines() for found in words(line) if found.split("/")[0] in FOLDERS and "/" in found}
    assert len(scripts) > 8
    assert [name for name in scripts if not (ROOT / name).is_file()] == []


def test_every_path_that_is_named_exists():
    missing = [(path, word) for path, command in COMMANDS for word in words(command)
               if word.split("/")[0] in FOLDERS and "/" in word and not re.search(r"[<*…$]", word) and not (ROOT / word).exists()
               # Written by a command that the documentation names before.
               and not word.startswith("packaging/kubernetes/monitoring/generated")]
    assert missing == []


SCRIPTS = named(lambda found: found[0].split("/")[0] in FOLDERS and (ROOT / found[0]).is_file() and os.access(ROOT / found[0], os.X_OK))


@pytest.mark.parametrize("path, command", SCRIPTS)
def test_a_script_takes_the_options_that_it_is_named_with(path, command):
    script, *arguments = words(command)
    text = (ROOT / script).read_text()
    known = set(OPTION.findall(text))
    # Those of argparse are wherever the script's parser is made: its help has them.
    if "argparse" in text or "harness.arguments" in text:
        done = subprocess.run([ROOT / script, "--help"], capture_output=True, text=True, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        known |= set(OPTION.findall(done.stdout))
    assert [word for word in arguments if word.startswith("--") and OPTION.match(word)[0] not in known] == []


def test_the_program_takes_the_flags_that_it_is_named_with(program):
    help = help_of(program)
    known = {f"--{flag.name}" for group in help.groups for flag in group.flags} | {"-h"}
    found = named(lambda found: found[0] in ("outreach-exporter", "./outreach-exporter", "/usr/local/bin/outreach-exporter"))
    assert len(found) > 10
    for path, command in found:
        arguments = words(command)[1:]
        assert [word for word in arguments if word.startswith("-") and word.split("=")[0] not in known] == [], (path, command)
        if arguments and re.fullmatch("[a-z]+", arguments[0]):
            assert arguments[0] in help.command_names, (path, command)
