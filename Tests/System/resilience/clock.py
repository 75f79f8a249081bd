# SPDX-License-Identifier: Apache-2.0
"""Steps of the wall clock: an hour forward, back, an hour back, under a running exporter and before a start.

A preloaded library shifts the clock: faketime shifts some of the clocks that timers use as well, which setting the clock
of a machine does not.
"""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from harness.exporter import Exporter
from harness.scrape import scrape, values
from harness.waiting import until
from resilience.setup import simulator, storing


def campaigns(page):
    """The number of campaigns on a page."""
    return len(values(page, "outreach_campaign_info"))


def collections(page):
    """The number of collections that have ended."""
    return sum(values(page, "outreach_collections_total"))


def observe(exporter, hours):
    """Watches some collections after the clock was set; returns whether pace, ages and campaigns are as before."""
    before, work, began = collections(scrape(exporter)), exporter.cpu_seconds, time.monotonic()
    time.sleep(6)
    page = scrape(exporter)
    ended, now = collections(page) - before, time.time() + hours * 3600
    ages = [now - at for at in values(page, "outreach_collection_last_success_timestamp_seconds")]
    busy = (exporter.cpu_seconds - work) / (time.monotonic() - began)
    print(f"{hours:+d} h: {ended:.0f} collections in 6 s, ages up to {max(ages):.1f} s, {campaigns(page)} campaigns")
    return 9 <= ended <= 24 and all(-1 < age < 5 for age in ages) and campaigns(page) == 12 and busy < 0.5


def shifted_clock(folder):
    """Compiles the library; returns the environment that loads it and a function that sets the shift in hours."""
    library, setting = f"{folder}/clock.so", f"{folder}/clock"
    # The Swift toolchain has a C compiler beside `swift`.
    compiler = Path(shutil.which("swift")).resolve().with_name("clang")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, Path(__file__).with_suffix(".c")], check=True)

    def set_clock(hours):
        Path(f"{setting}.new").write_text(str(hours * 3600))
        os.rename(f"{setting}.new", setting)

    return {"LD_PRELOAD": library, "CLOCK_FILE": setting}, set_clock


def run(options):
    """Yields for each step of the clock whether the exporter goes on as before."""
    with tempfile.TemporaryDirectory() as folder, simulator(options) as providers:
        environment, set_clock = shifted_clock(folder)
        flags = storing(folder, providers)
        set_clock(0)
        with Exporter(options.program, *flags, environment=environment) as exporter:
            exporter.ready()
            until(lambda: collections(scrape(exporter)) >= 6)
            for hours in [0, 1, 0, -1, 0]:
                set_clock(hours)
                yield f"a clock at {hours:+d} h changes nothing", observe(exporter, hours)
        for hours in [-1, 1]:
            set_clock(hours)
            with Exporter(options.program, *flags, environment=environment) as exporter:
                exporter.ready()
                until(lambda: campaigns(scrape(exporter)) == 12, 10)
                yield f"a restart with the clock at {hours:+d} h changes nothing", observe(exporter, hours)
                print("  after a restart: " + (exporter.log_line("earlier run", 1) or "nothing restored"))
