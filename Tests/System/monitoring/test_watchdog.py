# SPDX-License-Identifier: Apache-2.0
"""The alert that always fires, as a service hears it that calls when it hears nothing: from a real Alertmanager, minutes being seconds."""

import datetime
import time

from harness.scrape import post
from harness.waiting import wait_for
from monitoring.pager import Alertmanager, Pager, hurried


class Heart(Pager):
    """A pager that keeps when it was notified of what."""

    def __init__(self):
        self.beats = []
        super().__init__()

    def notify(self, path, body):
        """Keeps the time."""
        self.beats.append((path.strip("/"), time.monotonic()))
        return super().notify(path, body)


def test_the_watchdog_is_heard_every_five_minutes(tmp_path):
    with Heart() as heart, Alertmanager(tmp_path, heart, hurried) as alertmanager:
        ends = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=5)
        post(f"{alertmanager.url}/api/v2/alerts", [{"labels": {"alertname": "Watchdog", "severity": "none"}, "endsAt": ends.isoformat()}])
        wait_for(lambda: len(heart.beats) == 4, lambda: heart.beats, 60)
    assert {receiver for receiver, _ in heart.beats} == {"watchdog"}
    times = [at for _, at in heart.beats]
    assert all(4.5 < later - earlier < 6.5 for earlier, later in zip(times, times[1:])), times
