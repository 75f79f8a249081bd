# SPDX-License-Identifier: Apache-2.0
"""The exporter, the simulator of the providers, and the configuration that joins them."""

import json
from functools import cached_property
from pathlib import Path

from harness.program import Server
from harness.scrape import post

# Where the simulator serves each provider's API.
PATHS = {"instantly": "/instantly", "lemlist": "/lemlist/api", "sendkit": "/sendkit", "emailbison": "/emailbison",
         "smartlead": "/smartlead"}
# Those whose limits let an account be collected within seconds.
QUICK = [provider for provider in PATHS if provider != "smartlead"]


def account(provider, simulator, **settings):
    """An account at the URL of a simulator. Its key decides which campaigns it has."""
    defaults = {"name": provider, "provider": provider, "api_key": "demo", "base_url": simulator + PATHS[provider]}
    return defaults | settings


def configure(folder, accounts, **collection):
    """Writes a configuration file, in the part of YAML that is JSON; returns the flag that names it."""
    path = Path(folder, "config.yml")
    path.write_text(json.dumps({"collection": collection, "accounts": accounts}))
    return f"--config.file={path}"


def world(settings):
    """The simulator's flags."""
    return [f"--simulator.{name}={value}" for name, value in settings.items()]


def set_faults(simulator, *faults):
    """Switches these faults of a simulator on, and all others off."""
    post(f"{simulator}/faults", {"faults": faults})


class Exporter(Server):
    """`outreach-exporter` on a free port."""

    def __init__(self, program, *flags, **options):
        super().__init__(program, *flags, "--web.listen-address=127.0.0.1:0", **options)


class Simulator(Server):
    """`outreach-exporter simulate`: the APIs of all providers."""

    def __init__(self, program, **settings):
        super().__init__(program, "simulate", *world(settings))


class Demo(Server):
    """`outreach-exporter demo`: both in one process."""

    def __init__(self, program, **settings):
        super().__init__(program, "demo", "--web.listen-address=127.0.0.1:0", *world(settings))

    @cached_property
    def simulator(self):
        """The base URL of its simulator."""
        return self.logged_url(r'msg="simulator listening" address=(\S+)')
