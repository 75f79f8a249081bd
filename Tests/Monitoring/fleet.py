# SPDX-License-Identifier: Apache-2.0
"""Fills a Prometheus with a week of a big fleet, to measure what the recording rules cost.

The data goes in through the remote-write receiver, an hour per request: a week of 60,000 series as a text file would
be 90 GB. Every series has a sample per minute and moves every five minutes, as with a real exporter.
"""

import argparse
import struct
import time
import urllib.request

CAMPAIGN = {
    "instantly": ["messages_sent", "messages_bounced", "messages_opened", "messages_clicked", "leads_replied",
                  "leads_interested", "leads_unsubscribed"],
    "lemlist": ["messages_sent", "messages_delivered", "messages_bounced", "messages_opened", "messages_clicked",
                "leads_replied", "leads_interested", "leads_unsubscribed"],
    "sendkit": ["messages_sent", "messages_delivered", "messages_bounced", "messages_opened", "messages_clicked",
                "leads_replied", "leads_unsubscribed"],
}
STEP = {
    "instantly": ["messages_sent", "messages_opened", "messages_clicked", "messages_replied"],
    "lemlist": ["messages_sent", "messages_delivered", "messages_bounced", "messages_opened", "messages_clicked",
                "messages_replied", "leads_unsubscribed"],
    "sendkit": ["messages_sent", "messages_bounced", "messages_opened", "messages_clicked"],
}
MINUTE = 60
HOUR = 60 * MINUTE
SERIES_PER_REQUEST = 4000


def varint(number):
    """Base-128, least significant first."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number, payload):
    """A length-delimited protobuf field."""
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def snappy(data):
    """Snappy's block format, with the data as literals: valid, only not smaller."""
    out = [varint(len(data))]
    for start in range(0, len(data), 1 << 16):
        piece = data[start:start + (1 << 16)]
        out += [b"\xf4", struct.pack("<H", len(piece) - 1), piece]
    return b"".join(out)


def label_sets(campaigns, steps, variants):
    """Every series of the fleet that the rules read, as sorted label lists."""
    providers = list(CAMPAIGN)
    for index in range(campaigns):
        provider = providers[index % len(providers)]
        shared = {"provider": provider, "account": f"{provider}-{index % 12}", "campaign": f"campaign-{index:05}",
                  "job": "outreach", "instance": "exporter:10447"}
        yield {"__name__": "outreach_campaign_info", "name": f"Campaign {index}"} | shared
        yield {"__name__": "outreach_campaign_status", "status": "active"} | shared
        for measure in CAMPAIGN[provider]:
            yield {"__name__": f"outreach_campaign_{measure}_total"} | shared
        for step in range(1, steps + 1):
            for variant in "ABCDEFGH"[:variants]:
                place = {"sequence": "main", "step": str(step), "variant": variant}
                for measure in STEP[provider]:
                    yield {"__name__": f"outreach_step_{measure}_total"} | shared | place


def encoded(labels):
    """Labels as remote write wants them: sorted by name."""
    return b"".join(field(1, field(1, name.encode()) + field(2, labels[name].encode())) for name in sorted(labels))


def samples(pace, constant, start):
    """An hour of samples: one per minute, a new value every five."""
    out = []
    for second in range(start, start + HOUR, MINUTE):
        value = 1.0 if constant else float(second // 300 * pace // 7 % 10_000_000)
        out.append(field(2, b"\x09" + struct.pack("<d", value) + b"\x10" + varint(second * 1000)))
    return b"".join(out)


def send(base, body):
    """One remote-write request."""
    headers = {"Content-Encoding": "snappy", "Content-Type": "application/x-protobuf",
               "X-Prometheus-Remote-Write-Version": "0.1.0"}
    urllib.request.urlopen(urllib.request.Request(f"{base}/api/v1/write", snappy(body), headers)).read()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prometheus", default="http://127.0.0.1:9090")
    parser.add_argument("--campaigns", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--variants", type=int, default=2)
    parser.add_argument("--days", type=int, default=7)
    options = parser.parse_args()

    fleet = [(encoded(labels), (index % 20 + 1, labels["__name__"].endswith(("_info", "_status"))))
             for index, labels in enumerate(label_sets(options.campaigns, options.steps, options.variants))]
    kinds = {kind for _, kind in fleet}
    end = int(time.time()) // HOUR * HOUR + HOUR
    print(f"{len(fleet)} series, {options.days} days", flush=True)
    for start in range(end - options.days * 24 * HOUR, end, HOUR):
        hour = {kind: samples(*kind, start) for kind in kinds}
        for first in range(0, len(fleet), SERIES_PER_REQUEST):
            batch = fleet[first:first + SERIES_PER_REQUEST]
            send(options.prometheus, b"".join(field(1, labels + hour[kind]) for labels, kind in batch))
        print(time.strftime("%F %H:%M", time.gmtime(start)), flush=True)


if __name__ == "__main__":
    main()
