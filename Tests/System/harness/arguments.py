# SPDX-License-Identifier: Apache-2.0
"""The command line of the scripts."""

import argparse

from harness import ROOT


def program(build):
    """The exporter of a build, `debug` or `release`."""
    return str(ROOT / ".build" / build / "outreach-exporter")


def parser(description, build="release"):
    """A parser that prints a script's docstring as its help and knows `--program`, by default that of a build."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--program", default=program(build), help="path of the exporter [%(default)s]")
    return made
