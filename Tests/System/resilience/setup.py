# SPDX-License-Identifier: Apache-2.0
"""The small world of the scenarios: a simulator, and an exporter that stores what it collects."""

from harness.exporter import QUICK, Simulator, account, configure


def simulator(options, campaigns=4, speed=0):
    """A simulator with a few steps and mailboxes; at speed 0 its numbers stand still."""
    return Simulator(options.program, campaigns=campaigns, steps=2, variants=2, mailboxes=2, speed=speed)


def configuration(folder, simulator, interval="1s"):
    """The flag of a configuration with an account at each quick provider, collected at an interval."""
    accounts = [account(provider, simulator.url) for provider in QUICK]
    return configure(folder, accounts, interval=interval, max_staleness="1h")


def storing(folder, simulator):
    """The same, and the flag of the storage."""
    return configuration(folder, simulator), f"--storage.path={folder}/storage"
