# SPDX-License-Identifier: Apache-2.0
"""Completions for bash, zsh and fish, from the help."""

import re

PROGRAM = "outreach-exporter"


def kind(flag):
    """What completes a flag's value: "file", "directory", a list of words, or None."""
    if flag.placeholder == "FILE":
        return "file"
    if flag.placeholder == "DIR":
        return "directory"
    words = re.search(r": ((?:\w+, )*\w+ or \w+)\.", flag.meaning)
    return re.split(r", | or ", words[1]) if flag.placeholder and words else None


def bash(help):
    """A function for `complete -F`."""
    commands = " ".join(help.command_names)
    default = help.command_names[0]
    cases = "\n".join(f"        {name}) flags='{bash_flags(help.flags(name))}' ;;" for name in help.command_names)
    values = "\n".join(
        f"        --{flag.name}) {bash_value(kind(flag))} ;;" for flag in valued(help) if kind(flag)
    )
    return f"""\
# bash completion of {PROGRAM}; written from its help.
_outreach_exporter() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} command={default} flags
    [[ $current == = ]] && current=''
    [[ $previous == = ]] && previous=${{COMP_WORDS[COMP_CWORD - 2]}}
    [[ " {commands} " == *" ${{COMP_WORDS[1]}} "* ]] && command=${{COMP_WORDS[1]}}
    COMPREPLY=()
    case $previous in
{values}
    esac
    case $command in
{cases}
    esac
    if [[ $COMP_CWORD == 1 && $current != -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '{commands}' -- "$current")
    else
        mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$current")
        [[ ${{COMPREPLY[0]-}} == *= ]] && compopt -o nospace
    fi
}}
complete -F _outreach_exporter {PROGRAM}
"""


def valued(help):
    """Every flag that takes a value."""
    return [flag for group in help.groups for flag in group.flags if flag.placeholder]


def bash_flags(flags):
    """The words that complete a flag; `=` at the end of those with a value."""
    return " ".join(f"--{flag.name}{'=' if flag.placeholder else ''}" for flag in flags)


def bash_value(values):
    """The statement that completes a value."""
    what = {"file": "-f", "directory": "-d"}.get(values) if isinstance(values, str) else f"-W '{' '.join(values)}'"
    files = "compopt -o filenames; " if isinstance(values, str) else ""
    return f'{files}mapfile -t COMPREPLY < <(compgen {what} -- "$current"); return'


def zsh(help):
    """A function for `$fpath`."""
    commands = "\n".join(f"        {quoted(f'{row.term}:{row.meaning}')}" for row in help.commands)
    cases = "\n".join(
        "        {})\n            flags=(\n{}\n            ) ;;".format(
            name, "\n".join(f"                {spec}" for flag in help.flags(name) for spec in zsh_specs(flag))
        )
        for name in help.command_names
    )
    return f"""\
#compdef {PROGRAM}
# zsh completion of {PROGRAM}; written from its help.
_outreach_exporter() {{
    local command={help.command_names[0]}
    local -a commands flags
    commands=(
{commands}
    )
    if (( CURRENT == 2 )) && [[ $PREFIX != -* ]]; then
        _describe command commands
        return
    fi
    if (( ${{commands[(I)${{words[2]}}:*]}} )); then
        command=${{words[2]}}
        shift words
        (( CURRENT-- ))
    fi
    case $command in
{cases}
    esac
    _arguments -s : $flags
}}
_outreach_exporter "$@"
"""


def zsh_specs(flag):
    """The specifications of a flag for `_arguments`."""
    meaning = re.sub(r"([\[\]:\\])", r"\\\1", flag.meaning)
    values = kind(flag)
    action = {"file": "_files", "directory": "_files -/"}.get(values) if isinstance(values, str) else (
        f"({' '.join(values)})" if values else "")
    value = f"=[{meaning}]:{flag.placeholder}:{action}" if flag.placeholder else f"[{meaning}]"
    star = "*" if flag.repeats else ""
    yield quoted(f"{star}--{flag.name}{value}")
    if flag.short:
        yield quoted(f"-{flag.short}{value}")


def fish(help):
    """Calls of `complete`."""
    names = " ".join(help.command_names)
    lines = [f"# fish completion of {PROGRAM}; written from its help.", f"complete -c {PROGRAM} -f"]
    first = f"not __fish_seen_subcommand_from {names}"
    lines += [f"complete -c {PROGRAM} -n {quoted(first)} -a {row.term} -d {quoted(row.meaning)}" for row in help.commands]
    for group in help.groups:
        lines += [fish_flag(flag, fish_condition(help, group.commands)) for flag in group.flags]
    return "\n".join(lines) + "\n"


def fish_condition(help, commands):
    """When a group's flags are offered: after its commands, and without a command where it belongs to the default one."""
    if not commands:
        return ""
    seen = f"__fish_seen_subcommand_from {' '.join(commands)}"
    none = f"not __fish_seen_subcommand_from {' '.join(help.command_names)}"
    return f" -n {quoted(f'{seen}; or {none}' if help.command_names[0] in commands else seen)}"


def fish_flag(flag, condition):
    """A flag's line."""
    short = f" -s {flag.short}" if flag.short else ""
    values = kind(flag)
    value = {"file": " -r -F", "directory": " -x -a '(__fish_complete_directories)'"}.get(values) if isinstance(values, str) \
        else f" -x -a {quoted(' '.join(values))}" if values else " -x" if flag.placeholder else ""
    return f"complete -c {PROGRAM}{condition}{short} -l {flag.name}{value} -d {quoted(flag.meaning)}"


def quoted(text):
    """Text in single quotes, as all three shells read it."""
    return "'" + text.replace("'", "'\\''") + "'"
