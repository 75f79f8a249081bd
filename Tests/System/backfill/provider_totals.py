# SPDX-License-Identifier: Apache-2.0
"""What the simulated providers themselves count between two moments."""

import base64
import datetime
import json
import time
import urllib.error
import urllib.parse
import urllib.request


def moment(seconds):
    """A second as the APIs want it: `2026-01-31T00:00:00Z`."""
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Truth:
    """The three APIs, asked for one campaign at a time."""

    def __init__(self, address):
        self.address = address

    def get(self, path, header, value, **query):
        """The JSON of an answer; the exporter beside us uses up the limit of the same key, so a 429 is waited out."""
        url = f"{self.address}{path}?{urllib.parse.urlencode(query)}"
        request = urllib.request.Request(url, headers={header: value, "User-Agent": "truth"})
        while True:
            try:
                with urllib.request.urlopen(request) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code != 429:
                    raise
                time.sleep(1)

    def sent(self, provider, campaign, start, end):
        """The messages that a campaign sent."""
        start, end = moment(start), moment(end)
        if provider == "instantly":
            rows = self.get("/instantly/api/v2/campaigns/analytics", "Authorization", "Bearer sk_key",
                            id=campaign, start_date=start, end_date=end)
            return rows[0]["emails_sent_count"] if rows else 0
        if provider == "lemlist":
            key = base64.b64encode(b":sk_key").decode()
            return self.get(f"/lemlist/api/v2/campaigns/{campaign}/stats", "Authorization", f"Basic {key}",
                            startDate=start, endDate=end)["messagesSent"]
        return self.get(f"/sendkit/v1/campaigns/{campaign}/analytics", "X-Api-Key", "sk_key",
                        **{"from": start, "to": end})["data"]["stats"]["sent"]
