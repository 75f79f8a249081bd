# SPDX-License-Identifier: Apache-2.0
"""Measures what the rules cost a real Prometheus that has a week of data of a thousand campaigns.

    swift build && python3 Tests/System/monitoring/cost.py        (a quarter of an hour, on an idle machine)

Rules that look back over a week read ten thousand samples of each series. The series are those of the exporter's page;
their week is written through the remote-write receiver: all of it for campaigns, and for steps the hours that are read.
"""

import re
import struct
import sys
import tempfile
import time
from pathlib import Path

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
# What rules look back over a week to: recorded per campaign.
RECORDED = re.compile(r"outreach_(campaign_\w+)_total")
DAILY = "campaign:outreach_campaign_messages_sent:covering1d"
MINUTE, HOUR, WEEK = 60, 3600, 7 * 86_400
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


def read_by_rules(exporter):
    """The series of an exporter's page that the rules read, as label sets with the two that Prometheus adds."""
    read = set(re.findall(r"\boutreach_\w+", (DASHBOARDS / "prometheus/rules.yml").read_text()))
    own = {"job": "outreach", "instance": exporter.target}
    return [{"__name__": name} | own | labels for name, labels, _ in samples(scrape(exporter)) if labels and name in read]


def encoded(labels):
    """Labels as remote write requires them: sorted by name."""
    return b"".join(field(1, field(1, name.encode()) + field(2, labels[name].encode())) for name in sorted(labels))


def hour_of_samples(pace, start):
    """An hour of samples: one per minute, a new value every five; pace 0 stays 1."""
    out = []
    for second in range(start, start + HOUR, MINUTE):
        value = float(second // 300 * pace // 7 % 10_000_000) if pace else 1.0
        out.append(field(2, b"\x09" + struct.pack("<d", value) + b"\x10" + varint(second * 1000)))
    return b"".join(out)


def send(base, body):
    """One remote-write request."""
    post(f"{base}/api/v1/write", snappy(body), **{"Content-Encoding": "snappy", "Content-Type": "application/x-protobuf",
                                                  "X-Prometheus-Remote-Write-Version": "0.1.0"})


def paced(labels):
    """How fast a series grows; 0 for one that is constant."""
    measure = re.search(r"_(\w+)[_:]total$", labels["__name__"])
    return PACES.get(measure[1].rpartition("_")[2], 0) if measure else 0


def recorded(series):
    """The series that rules record of these and read again over a week."""
    out = []
    for labels in series:
        own = {key: value for key, value in labels.items() if key not in ["job", "instance"]}
        if match := RECORDED.fullmatch(labels["__name__"]):
            out.append(own | {"__name__": f"campaign:outreach_{match[1]}:total"})
        if labels["__name__"] == "outreach_campaign_messages_sent_total":
            out.append(own | {"__name__": DAILY})
    return out


def fill(base, series):
    """Writes a week and two hours up to now, of steps two hours at each end."""
    paced_series = [(encoded(labels), paced(labels), labels["__name__"].startswith("outreach_step_"))
             for labels in series + recorded(series)]
    end = int(time.time())
    begin = end - WEEK - 2 * HOUR
    for start in range(begin, end - HOUR + 1, HOUR):
        hour = {pace: hour_of_samples(pace, start) for pace in {pace for _, pace, _ in paced_series}}
        at_an_end = start < begin + 2 * HOUR or start >= end - 2 * HOUR
        written = [labels + hour[pace] for labels, pace, of_steps in paced_series if at_an_end or not of_steps]
        for first in range(0, len(written), SERIES_PER_REQUEST):
            send(base, b"".join(field(1, one) for one in written[first:first + SERIES_PER_REQUEST]))
        print(f"\rfilled until {time.strftime('%F %H:%M', time.gmtime(start + HOUR))}", end="", flush=True)


def report(prometheus):
    """Prints the share of its interval that each group takes, and what Prometheus takes in all.

    The second time: the first one finds nothing of what rules read of themselves.
    """
    began, used = time.time(), prometheus.cpu_seconds

    def groups():
        found = api(prometheus.url, "rules")["groups"]
        done = all(group["lastEvaluation"] > moment(began + group["interval"] + 1) for group in found)
        return found if done else None
    found = wait_for(groups, "two evaluations of every group", 1800)
    for group in found:
        share = group["evaluationTime"] / group["interval"]
        print(f"{group['name']:28} {group['interval']:4.0f} s {group['evaluationTime']:7.3f} s {share:7.2%}")
    print(f"{'all of them':28} {sum(group['evaluationTime'] / group['interval'] for group in found):23.2%}")
    print(f"{'of a processor, with scrapes':28} {(prometheus.cpu_seconds - used) / (time.time() - began):23.2%}")


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
        series = read_by_rules(exporter)
        campaigns = sum(labels["__name__"] == "outreach_campaign_info" for labels in series)
        variants = sum(labels["__name__"] == "outreach_step_messages_sent_total" for labels in series)
        print(f"{campaigns} campaigns, {variants} variants of steps, {len(series)} series that rules read", flush=True)
        with Prometheus(folder, flags=["--web.enable-remote-write-receiver"]) as receiver:
            fill(receiver.url, series)
            receiver.stop(seconds=300)
        print("\nmeasuring", flush=True)
        with Prometheus(folder, exporter.target, interval="1m", rules=str) as prometheus:
            report(prometheus)


if __name__ == "__main__":
    main()
