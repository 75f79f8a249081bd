# SPDX-License-Identifier: Apache-2.0
"""What the rules cost a real Prometheus: the real exporter's page of a thousand campaigns, with a week behind it.

    swift build && python3 Tests/System/monitoring/cost.py        (a quarter of an hour, on a machine with nothing else to do)

A week cannot be waited for, and rules that look back over it read ten thousand samples of a series. So the series are
the real page's, and their week goes in through the remote-write receiver: all of it for campaigns, and for steps the
hours that are read.
"""

import argparse
import pathlib
import re
import struct
import tempfile
import time
import urllib.request

from grafana import get
from stack import DASHBOARDS, Exporter, Prometheus, Simulator, until

# How much faster than others each total grows; none bounces so much that all campaigns ring at once.
PACES = {"sent": 100, "delivered": 99, "opened": 40, "clicked": 4, "replied": 3, "interested": 1, "bounced": 1}
DAILY = "campaign:outreach_campaign_messages_sent:increase1d"
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


def page(exporter):
    """The text that an exporter serves."""
    return urllib.request.urlopen(f"http://{exporter.target}/metrics").read().decode()


def read_by_rules(exporter):
    """The series of an exporter's page that the rules read, as label sets with Prometheus's own two."""
    read = set(re.findall(r"\boutreach_\w+", (DASHBOARDS / "prometheus/rules.yml").read_text()))
    own = {"job": "outreach", "instance": exporter.target}
    for name, labels in re.findall(r"^(\w+)\{(.*)\} \S+$", page(exporter), re.M):
        if name in read:
            yield {"__name__": name} | own | {key: unescaped(value) for key, value
                                              in re.findall(r'(\w+)="((?:\\.|[^"\\])*)"', labels)}


def unescaped(value):
    """A label's value as it is."""
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], value)


def encoded(labels):
    """Labels as remote write wants them: sorted by name."""
    return b"".join(field(1, field(1, name.encode()) + field(2, labels[name].encode())) for name in sorted(labels))


def samples(pace, start):
    """An hour of samples: one per minute, a new value every five; pace 0 stays 1."""
    out = []
    for second in range(start, start + HOUR, MINUTE):
        value = float(second // 300 * pace // 7 % 10_000_000) if pace else 1.0
        out.append(field(2, b"\x09" + struct.pack("<d", value) + b"\x10" + varint(second * 1000)))
    return b"".join(out)


def send(base, body):
    """One remote-write request."""
    headers = {"Content-Encoding": "snappy", "Content-Type": "application/x-protobuf",
               "X-Prometheus-Remote-Write-Version": "0.1.0"}
    urllib.request.urlopen(urllib.request.Request(f"{base}/api/v1/write", snappy(body), headers)).read()


def paced(labels):
    """How fast a series grows; 0 for what stays as it is."""
    measure = re.search(r"_(\w+)_total$", labels["__name__"])
    return PACES.get(measure[1].rpartition("_")[2], 0) if measure else 0


def recorded(series):
    """What the rules recorded of these series and read again."""
    return [labels | {"__name__": DAILY} for labels in series if labels["__name__"] == "outreach_campaign_messages_sent_total"]


def fill(base, series):
    """Writes a week and two hours up to now, of steps two hours at each end."""
    fleet = [(encoded(labels), paced(labels), labels["__name__"].startswith("outreach_step_"))
             for labels in series + recorded(series)]
    end = int(time.time())
    begin = end - WEEK - 2 * HOUR
    for start in range(begin, end - HOUR + 1, HOUR):
        hour = {pace: samples(pace, start) for pace in {pace for _, pace, _ in fleet}}
        at_an_end = start < begin + 2 * HOUR or start >= end - 2 * HOUR
        written = [labels + hour[pace] for labels, pace, of_steps in fleet if at_an_end or not of_steps]
        for first in range(0, len(written), SERIES_PER_REQUEST):
            send(base, b"".join(field(1, one) for one in written[first:first + SERIES_PER_REQUEST]))
        print(f"\rfilled until {time.strftime('%F %H:%M', time.gmtime(start + HOUR))}", end="", flush=True)


def report(base):
    """Prints what each group takes of its interval, once each has been evaluated, and what Prometheus takes in all."""
    began, used = time.time(), processor(base)

    def groups():
        found = get(base, "rules")["groups"]
        due = all(group["lastEvaluation"] > moment(began) for group in found)
        return found if due else None
    found = until(groups, 1800, "an evaluation of every group")
    for group in found:
        share = group["evaluationTime"] / group["interval"]
        print(f"{group['name']:28} {group['interval']:4.0f} s {group['evaluationTime']:7.3f} s {share:7.2%}")
    print(f"{'all of them':28} {sum(group['evaluationTime'] / group['interval'] for group in found):23.2%}")
    print(f"{'of a processor, scrapes too':28} {(processor(base) - used) / (time.time() - began):23.2%}")


def processor(base):
    """The seconds of processor time that a Prometheus has used."""
    text = urllib.request.urlopen(f"{base}/metrics").read().decode()
    return float(re.search(r"^process_cpu_seconds_total (\S+)$", text, re.M)[1])


def moment(at):
    """A time as Prometheus writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--campaigns", type=int, default=400, help="per provider; some have fewer variants than 5 × 2")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        directory = pathlib.Path(place)
        simulator = Simulator(directory, f"--simulator.campaigns={options.campaigns}", "--simulator.steps=5")
        exporter = Exporter(directory, simulator.address, interval="5m")
        until(lambda: len(re.findall(r"^outreach_account_up\{.*\} 1$", page(exporter), re.M)) == 3, 900, "three accounts")
        series = list(read_by_rules(exporter))
        campaigns = sum(labels["__name__"] == "outreach_campaign_info" for labels in series)
        variants = sum(labels["__name__"] == "outreach_step_messages_sent_total" for labels in series)
        print(f"{campaigns} campaigns, {variants} variants of steps, {len(series)} series that rules read", flush=True)
        receiver = Prometheus(directory, None)
        fill(receiver.url, series)
        receiver.stop()
        print("\nmeasuring", flush=True)
        prometheus = Prometheus(directory, exporter.target, change=str, pace="1m")
        report(prometheus.url)
        for program in [prometheus, exporter, simulator]:
            program.stop()


if __name__ == "__main__":
    main()
