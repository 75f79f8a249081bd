# SPDX-License-Identifier: Apache-2.0
"""Manual pages and completions say what the program's help says, in the form that their readers take."""

import re
import shutil
import subprocess

import pytest

from conftest import ROOT
from generator import completions, manual
from generator.document import Document
from generator.program import help_of

SHELLS = {"bash": completions.bash, "zsh": completions.zsh, "fish": completions.fish}


@pytest.fixture(scope="module")
def help(program):
    """The program's help."""
    return help_of(program)


def flags(help):
    """Every flag of the help."""
    return [flag for group in help.groups for flag in group.flags]


def test_the_help_is_read_completely(help, program):
    text = subprocess.run([program, "--help"], check=True, capture_output=True, text=True).stdout
    assert [flag.name for flag in flags(help)] == re.findall(r"^  (?:-\w, )?--([\w.-]+)", text, re.MULTILINE)
    words = " ".join(text.split())
    assert all(flag.meaning and flag.meaning in words for flag in flags(help))
    assert all(row.meaning in words for row in help.commands + help.variables)
    assert help.command_names[0] == "run" and {"INSTANTLY_API_KEY"} < {row.term for row in help.variables}


@pytest.mark.parametrize("page", ["command", "configuration"])
def test_manual_pages_are_without_fault_and_name_everything(page, help, tmp_path):
    document = Document(ROOT / "docs/configuration.md")
    text = manual.command_page(help, "2026-01-31") if page == "command" else manual.configuration_page(document, "2026-01-31")
    path = tmp_path / ("page.1" if page == "command" else "page.5")
    path.write_text(text)
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", path], capture_output=True, text=True)
    assert lint.stdout + lint.stderr == ""
    shown = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=1000", path], check=True, capture_output=True, text=True).stdout
    shown = re.sub(".\b", "", shown)
    names = [f"--{flag.name}" for flag in flags(help)] + help.command_names if page == "command" else [
        key.name for key in document.keys]
    assert [name for name in names if name not in shown] == []
    # Markdown that the page shows as it stands would be a fault of the conversion.
    assert not re.search(r"\]\(|\*\*", shown)


@pytest.mark.parametrize("shell", SHELLS)
def test_completions_are_valid(shell, help, tmp_path):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is missing")
    path = tmp_path / "completion"
    path.write_text(SHELLS[shell](help))
    done = subprocess.run([shell, "-n", path], capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == ""


@pytest.mark.parametrize("typed, offered", [
    (["che"], "check"),
    (["check", "--config.f"], "--config.file="),
    (["--web.max"], "--web.max-requests="),
    (["simulate", "--simulator.se"], "--simulator.seed="),
    (["run", "--log.level", "=", "wa"], "warn"),
])
def test_bash_offers(typed, offered, help, tmp_path):
    assert bash(help, tmp_path, typed) == [offered]


def test_bash_offers_no_flag_of_another_command(help, tmp_path):
    assert bash(help, tmp_path, ["check", "--simulator."]) == []
    assert set(bash(help, tmp_path, ["check", "--"])) == {
        f"--{flag.name}{'=' if flag.placeholder else ''}" for flag in help.flags("check")}


def bash(help, folder, typed):
    """What bash offers after some words; readline splits them at `=`."""
    (folder / "completion").write_text(completions.bash(help))
    words = " ".join(f"'{word}'" for word in ["outreach-exporter", *typed])
    script = f"compopt() {{ :; }}; . {folder}/completion; COMP_WORDS=({words}); COMP_CWORD={len(typed)}; " \
        "_outreach_exporter; printf '%s\\n' \"${COMPREPLY[@]}\""
    return subprocess.run(["bash", "-c", script], check=True, capture_output=True, text=True).stdout.split()


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is missing")
def test_fish_offers(help, tmp_path):
    (tmp_path / "completion").write_text(completions.fish(help))
    script = f"source {tmp_path}/completion; complete -C 'outreach-exporter check --conf'"
    done = subprocess.run(["fish", "--no-config", "-c", script], check=True, capture_output=True, text=True)
    assert {line.partition("\t")[0].rstrip("=") for line in done.stdout.splitlines()} == {
        "--config.file", "--config.check", "--config.check-without-keys"}
