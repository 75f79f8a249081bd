# SPDX-License-Identifier: Apache-2.0
"""What the simulated providers themselves count between two times: the reference for the sums of Prometheus."""

import base64
import json
import time
import urllib.error
import urllib.parse

from backfill.command import KEY
from backfill.days import timestamp
from harness.exporter import PATHS
from harness.scrape import fetch


class ProviderTotals:
    """The APIs of a simulator that tell a sum between two times, asked for one campaign at a time."""

    def __init__(self, simulator):
        self.simulator = simulator

    def get(self, provider, path, field, value, **query):
        """The JSON of a response. The exporter uses the same key and so the same rate limit: a 429 is waited out."""
        url = f"{self.simulator.url}{PATHS[provider]}{path}?{urllib.parse.urlencode(query)}"
        while True:
            try:
                return json.loads(fetch(url, **{field: value, "User-Agent": "reference"}))
            except urllib.error.HTTPError as error:
                if error.code != 429:
                    raise
                time.sleep(1)

    def sent(self, provider, campaign, start, end):
        """The messages that a campaign sent between two seconds."""
        start, end = timestamp(start), timestamp(end)
        if provider == "instantly":
            rows = self.get(provider, "/api/v2/campaigns/analytics", "Authorization", f"Bearer {KEY}",
                            id=campaign, start_date=start, end_date=end)
            return rows[0]["emails_sent_count"] if rows else 0
        if provider == "lemlist":
            key = base64.b64encode(f":{KEY}".encode()).decode()
            return self.get(provider, f"/v2/campaigns/{campaign}/stats", "Authorization", f"Basic {key}",
                            startDate=start, endDate=end)["messagesSent"]
        return self.get(provider, f"/v1/campaigns/{campaign}/analytics", "X-Api-Key", KEY,
                        **{"from": start, "to": end})["data"]["stats"]["sent"]
