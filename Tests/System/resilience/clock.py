# SPDX-License-Identifier: Apache-2.0
"""The wall clock set an hour forward, back again, and an hour back, under a running exporter and before a start.

The clock is shifted by a library of our own: faketime shifts some of the clocks that timers wait on as well, which
setting the clock of a machine does not.
"""

import os
import re
import subprocess
import tempfile
import time

from programs import Exporter, Simulator, compiler, until

HERE = os.path.dirname(os.path.abspath(__file__))


def _values(page, family):
    return [float(value) for value in re.findall(rf"^{family}\S* (\S+)$", page, re.M)]


def _campaigns(page):
    return len(re.findall(r"^outreach_campaign_info\{", page, re.M))


def _observe(exporter, hours):
    """Looks on for some collections after the clock was set; returns whether all is as ever."""
    before, work, began = sum(_values(exporter.page(), "outreach_collections_total")), exporter.processor, time.monotonic()
    time.sleep(6)
    page = exporter.page()
    ended = sum(_values(page, "outreach_collections_total")) - before
    ages = [time.time() + hours * 3600 - at for at in _values(page, "outreach_collection_last_success_timestamp_seconds")]
    busy = (exporter.processor - work) / (time.monotonic() - began)
    print(f"{hours:+d} h: {ended:.0f} collections in 6 s, ages up to {max(ages):.1f} s, {_campaigns(page)} campaigns")
    return 9 <= ended <= 24 and all(-1 < age < 5 for age in ages) and _campaigns(page) == 12 and busy < 0.5


def run(options):
    wrong = []
    with tempfile.TemporaryDirectory() as folder, Simulator(options.binary) as simulator:
        library, setting = f"{folder}/clock.so", f"{folder}/clock"
        subprocess.run([compiler(), "-shared", "-fPIC", "-o", library, f"{HERE}/clock.c"], check=True)
        environment = {"LD_PRELOAD": library, "CLOCK_FILE": setting}

        def set_clock(hours):
            with open(setting + ".new", "w") as file:
                file.write(str(hours * 3600))
            os.rename(setting + ".new", setting)

        set_clock(0)
        arguments = (f"--config.file={simulator.configuration(folder)}", f"--storage.path={folder}/storage")
        with Exporter(options.binary, *arguments, environment=environment) as exporter:
            exporter.ready()
            until(lambda: sum(_values(exporter.page(), "outreach_collections_total")) >= 6)
            for hours in [0, 1, 0, -1, 0]:
                set_clock(hours)
                wrong += [] if _observe(exporter, hours) else [f"the clock at {hours:+d} h upsets it"]
        for hours in [-1, 1]:
            set_clock(hours)
            with Exporter(options.binary, *arguments, environment=environment) as exporter:
                until(lambda: exporter.ready() and _campaigns(exporter.page()) == 12, 10)
                fine = _observe(exporter, hours)
                print("  after a restart: " + (exporter.said("earlier run", 1) or "nothing restored"))
                wrong += [] if fine else [f"a restart with the clock at {hours:+d} h upsets it"]
    return wrong
