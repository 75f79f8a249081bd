# SPDX-License-Identifier: Apache-2.0
"""Measures what the rules cost a real Prometheus that has the past that they read, of a thousand campaigns.

    swift build && python3 Tests/System/monitoring/cost.py        (twenty minutes, on an idle machine)

Needs Debian's prometheus and PyYAML. Rules that look back over a week read thousands of samples of each series. What they look back
to is read from the rules, and written through the remote-write receiver: series of the exporter's page at the pace of scrapes,
recorded ones at that of their group.
"""

import re
import struct
import sys
import tempfile
import time
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import DASHBOARDS  # noqa: E402
from harness.arguments import parser  # noqa: E402
from harness.exporter import QUICK, Simulator  # noqa: E402
from harness.prometheus import Prometheus, api  # noqa: E402
from harness.scrape import post, samples, scrape, values  # noqa: E402
from harness.waiting import wait_for  # noqa: E402
from monitoring.stack import start_exporter  # noqa: E402

# How fast each total grows relative to the others; bounces stay below the threshold of the alert.
PACES = {"sent": 100, "delivered": 99, "opened": 40, "clicked": 4, "replied": 3, "interested": 1, "bounced": 1}
# Of all groups together.
LIMIT = 0.1
# How rules look back: a name, its matchers, a window or none, and how long before now it ends.
LOOK = re.compile(r"(?<![\w:])((?:\w+:)?outreach_[\w:]+)(?:\{[^}]*\})?(?:\[(\d+\w)[^\]]*\])?(?: offset (\d+\w))?")
SECONDS = {"m": 60, "h": 3600, "d": 86_400}
SCRAPE, LOOKBACK, MEMORY, HOUR = 60, 300, 600, 3600
# Of accounts, domains and fleets there are few.
LEVELS = ["campaign", "step", "mailbox"]
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


def seconds(duration):
    """The seconds of a duration as PromQL writes it."""
    return int(duration[:-1]) * SECONDS[duration[-1]] if duration else 0


def looks():
    """What rules look back to for longer than the present lasts: per name the seconds between samples, and the spans in seconds before now."""
    groups = [group for name in ["rules.yml", "alerts.yml"]
              for group in yaml.safe_load((DASHBOARDS / "prometheus" / name).read_text())["groups"]]
    intervals = {rule["record"]: seconds(group["interval"]) for group in groups for rule in group["rules"] if "record" in rule}
    found = {}
    for group in groups:
        for rule in group["rules"]:
            for name, window, offset in LOOK.findall(rule["expr"]):
                since, until = seconds(offset), seconds(offset) + (seconds(window) or LOOKBACK)
                if until > MEMORY:
                    _, spans = found.setdefault(name, (intervals.get(name, SCRAPE), set()))
                    spans.add((since, until))
    return found


def past(found, exporter, page):
    """The series that are looked back to, as label sets.

    What is recorded of a metric has its labels; what is recorded of several has those of the messages that were sent.
    """
    own = {"job": "outreach", "instance": exporter.target}
    series = []
    for name in found:
        level, _, metric = name.rpartition(":")[0].partition(":")
        if not level:
            series += [{"__name__": name} | own | labels for labels in page.get(name, [])]
        elif level in LEVELS:
            told = page.get(metric) or page.get(f"{metric}_total") or page[f"outreach_{level}_messages_sent_total"]
            series += [{"__name__": name} | labels for labels in told if labels.get("variant") != "A"]
    return series


def encoded(labels):
    """Labels as remote write requires them: sorted by name."""
    return b"".join(field(1, field(1, name.encode()) + field(2, labels[name].encode())) for name in sorted(labels))


def hour_of_samples(pace, start, interval):
    """An hour of samples: a new value every five minutes; pace 0 stays 1."""
    out = []
    for second in range(start, start + HOUR, interval):
        value = float(second // 300 * pace // 7 % 10_000_000) if pace else 1.0
        out.append(field(2, b"\x09" + struct.pack("<d", value) + b"\x10" + varint(second * 1000)))
    return b"".join(out)


def send(base, body):
    """One remote-write request."""
    post(f"{base}/api/v1/write", snappy(body), **{"Content-Encoding": "snappy", "Content-Type": "application/x-protobuf",
                                                  "X-Prometheus-Remote-Write-Version": "0.1.0"})


def pace(name):
    """How fast a recorded total grows; 0 for what is constant."""
    measure = re.fullmatch(r"campaign:outreach_campaign_\w+_(\w+):total", name)
    return PACES.get(measure[1], 0) if measure else 0


def fill(base, found, series):
    """Writes the hours that are looked back to, and one more for the time that the measurement takes, the oldest first."""
    encodings = {}
    for labels in series:
        encodings.setdefault(labels["__name__"], []).append(encoded(labels))
    end = int(time.time())
    oldest = max(until for _, spans in found.values() for _, until in spans)
    for start in range(end - oldest - HOUR, end, HOUR):
        written = [labels + samples_of_hour
                   for name, (interval, spans) in found.items()
                   if any(start < end - since + HOUR and end - until < start + HOUR for since, until in spans)
                   for samples_of_hour in [hour_of_samples(pace(name), start, interval)]
                   for labels in encodings.get(name, [])]
        for first in range(0, len(written), SERIES_PER_REQUEST):
            send(base, b"".join(field(1, one) for one in written[first:first + SERIES_PER_REQUEST]))
        print(f"\rfilled until {time.strftime('%F %H:%M', time.gmtime(start + HOUR))}", end="", flush=True)


def report(prometheus):
    """Prints the share of its interval that each group takes, and what Prometheus takes in all; ends with an error above the limit.

    The second time: the first one finds nothing of what rules read of themselves.
    """
    began, used = time.time(), prometheus.cpu_seconds

    def groups():
        found = api(prometheus.url, "rules")["groups"]
        done = all(group["lastEvaluation"] > moment(began + group["interval"] + 1) for group in found)
        return found if done else None
    found = wait_for(groups, "two evaluations of every group", 2400)
    for group in found:
        share = group["evaluationTime"] / group["interval"]
        print(f"{group['name']:28} {group['interval']:4.0f} s {group['evaluationTime']:7.3f} s {share:7.2%}")
    share = sum(group["evaluationTime"] / group["interval"] for group in found)
    print(f"{'all of them':28} {share:23.2%}")
    print(f"{'of a processor, with scrapes':28} {(prometheus.cpu_seconds - used) / (time.time() - began):23.2%}")
    if share > LIMIT:
        sys.exit(f"The rules take more than {LIMIT:.0%}.")


def moment(at):
    """A time as Prometheus writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at))


def main():
    arguments = parser(__doc__, build="debug")
    arguments.add_argument("--campaigns", type=int, default=300, help="per provider; some have fewer variants than 5 × 2")
    options = arguments.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        Simulator(options.program, campaigns=options.campaigns, steps=5) as simulator,
        start_exporter(options.program, folder, simulator, interval="5m", providers=QUICK) as exporter,
    ):
        wait_for(lambda: sum(values(scrape(exporter), "outreach_account_up")) == len(QUICK), "all accounts", 900)
        page = {}
        for name, labels, _ in samples(scrape(exporter)):
            page.setdefault(name, []).append(labels)
        found = looks()
        series = past(found, exporter, page)
        campaigns, variants = (len(page[f"outreach_{name}"]) for name in ["campaign_info", "step_messages_sent_total"])
        print(f"{campaigns} campaigns, {variants} variants of steps, {len(series)} series that rules look back to", flush=True)
        with Prometheus(folder, flags=["--web.enable-remote-write-receiver"]) as receiver:
            fill(receiver.url, found, series)
            receiver.stop(seconds=300)
        print("\nmeasuring", flush=True)
        with Prometheus(folder, exporter.target, interval="1m", rules=str) as prometheus:
            report(prometheus)


if __name__ == "__main__":
    main()
