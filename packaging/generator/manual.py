# SPDX-License-Identifier: Apache-2.0
"""The manual pages: outreach-exporter(1) from the help, outreach-exporter.yml(5) from docs/configuration.md."""

import re

WHERE = "/usr/share/doc/outreach-exporter"


def command_page(help, date):
    """outreach-exporter(1); the day is that of the release, `2026-01-31`."""
    lines = [header("OUTREACH\\-EXPORTER", 1, date)]
    lines += ["outreach\\-exporter \\- " + escaped(lowered(help.summary)), ".SH SYNOPSIS", *synopsis(help)]
    lines += [".SH DESCRIPTION", inline(help.summary), ".SH COMMANDS", *table(help.commands)]
    for group in help.groups:
        takers = f" ({', '.join(group.commands)})" if group.commands else ""
        lines += [f'.SH "{escaped(group.heading.upper())} FLAGS{takers}"']
        for flag in group.flags:
            lines += [".TP", flag_term(flag), inline(flag.meaning)]
    lines += [".SH ENVIRONMENT", "Without a configuration file:", *table(help.variables)]
    lines += [".SH NOTES", *[inline(line) + "\n.br" for line in help.ending[:-1]], inline(help.ending[-1])]
    lines += [".SH FILES", ".TP", ".I /etc/outreach\\-exporter/config.yml",
              "Accounts and how to collect them; see \\fBoutreach\\-exporter.yml\\fR(5).",
              ".TP", ".I /etc/default/outreach\\-exporter", "Flags of the service.",
              ".TP", ".I /var/lib/outreach\\-exporter", "The last reports of the service."]
    lines += [".SH SEE ALSO", "\\fBoutreach\\-exporter.yml\\fR(5), \\fBsystemctl\\fR(1),", f".I {escaped(WHERE)}"]
    return "\n".join(lines) + "\n"


def configuration_page(document, date):
    """outreach-exporter.yml(5)."""
    lines = [header("OUTREACH\\-EXPORTER.YML", 5, date)]
    lines += ["outreach\\-exporter.yml \\- accounts of cold\\-outreach providers and how to collect them"]
    lines += [".SH DESCRIPTION", "The configuration file of \\fBoutreach\\-exporter\\fR(1), in YAML. A minimal one:",
              ".PP", ".nf", ".RS", "accounts:", "  \\- name: acme", "    provider: instantly",
              "    api_key_file: /etc/outreach\\-exporter/instantly.key", ".RE", ".fi", ".PP",
              "\\fBoutreach\\-exporter \\-\\-config.check \\-\\-config.file=\\fIFILE\\fR checks a file."]
    for section in document.sections:
        lines += [f'.SH "{escaped(section)}"']
        if text := document.introductions.get(section):
            lines += [inline(text)]
        for key in document.of(section):
            default = f" Default: {key.default}." if key.default else ""
            lines += [".TP", f".B {escaped(key.name)}", inline(key.meaning + default)]
    lines += [".SH SEE ALSO", "\\fBoutreach\\-exporter\\fR(1),", f".I {escaped(WHERE)}/configuration.md"]
    return "\n".join(lines) + "\n"


def header(title, section, date):
    """The first lines of a page."""
    return f'.TH {title} {section} {date} "outreach\\-exporter" ""\n.SH NAME'


def synopsis(help):
    """A line for each command, with its flags left to their section."""
    lines = [".SY outreach\\-exporter", ".RI [ COMMAND ]", ".RI [ FLAG ]\\|.\\|.\\|.", ".YS"]
    return lines if help.usage == "outreach-exporter [COMMAND] [FLAG]..." else [escaped(help.usage)]


def table(rows):
    """A list of terms with their meanings."""
    return [line for row in rows for line in [".TP", f".B {escaped(row.term)}", inline(row.meaning)]]


def flag_term(flag):
    """A flag's term: bold names, italic placeholder."""
    short = f"\\fB\\-{flag.short}\\fR, " if flag.short else ""
    value = f"=\\fI{escaped(flag.placeholder)}\\fR" if flag.placeholder else ""
    return f"{short}\\fB\\-\\-{escaped(flag.name)}\\fR{value}"


def inline(markdown):
    """Markdown of one paragraph as roff: code and strong text in bold, links as their text."""
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", markdown)
    parts = re.split(r"`([^`]+)`|\*\*([^*]+)\*\*", text)
    found = ""
    for plain, code, strong in zip(parts[::3], parts[1::3] + [None], parts[2::3] + [None]):
        bold = code or strong
        found += escaped(plain) + (f"\\fB{escaped(bold)}\\fR" if bold else "")
    return "\\&" + found if found.startswith((".", "'")) else found


def escaped(text):
    """Text in which roff finds nothing to interpret."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti").replace("^", "\\(ha")
    return text.replace("'", "\\(aq").replace("`", "\\(ga")


def lowered(sentence):
    """A sentence as the second half of a NAME line."""
    return sentence[0].lower() + sentence[1:].rstrip(".")
