# SPDX-License-Identifier: Apache-2.0
"""Draws dashboards from a real Prometheus's answers, one PNG each, to look at a change before it is committed.

    make dashboards-pictures                                                       a week of simulated campaigns, in 35 minutes
    python3 Tests/System/monitoring/draw.py --prometheus http://127.0.0.1:9090     a Prometheus that runs

Without `--prometheus` simulator and exporter run with days of five minutes, and rules and queries to match; the pictures
are drawn at the end of the range. Needs a debug build, Debian's prometheus, and matplotlib from PyPI.
"""

import logging
import re
import sys
import tempfile
import time
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter  # noqa: E402
from matplotlib.ticker import MaxNLocator  # noqa: E402
from PIL import Image  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness.arguments import parser  # noqa: E402
from harness.exporter import Simulator, set_faults  # noqa: E402
from monitoring.cells import colored, formatted, rows_of_table  # noqa: E402
from monitoring.grafana import Viewer, busiest, dashboards, interpolated  # noqa: E402
from monitoring.stack import scaled, seconds, start_exporter, start_prometheus  # noqa: E402

BACKGROUND, SURFACE, TEXT, FAINT = "#111217", "#181b1f", "#d8d9da", "#6e7280"
COLORS = ["#73bf69", "#f2cc0c", "#8ab8ff", "#ff780a", "#f2495c", "#b877d9", "#5794f2", "#fade2a"]
WIDTH, HEAD, ROW = 19, 0.8, 0.42
FONTS = ["DejaVu Sans", "Noto Sans CJK JP", "IPAGothic", "Noto Emoji", "Symbola"]
# A day takes five minutes, so that an hour still holds three collections.
FACTOR = 300


def draw(viewer, path):
    """Draws a dashboard as one picture."""
    panels = viewer.dashboard["panels"]
    rows = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in panels)
    height = rows * ROW + HEAD
    figure = plt.figure(figsize=(WIDTH, height), facecolor=BACKGROUND)
    figure.text(0.01, 1 - 0.35 / height, viewer.dashboard["title"], color=TEXT, size=15, weight="bold")
    figure.text(0.01, 1 - 0.65 / height, viewer.dashboard["description"], color=FAINT, size=11)
    for panel in panels:
        place = panel["gridPos"]
        left, width = place["x"] / 24 * WIDTH + 0.08, place["w"] / 24 * WIDTH - 0.16
        top, tall = HEAD + place["y"] * ROW + 0.06, place["h"] * ROW - 0.12
        frame = figure.add_axes([left / WIDTH, 1 - (top + tall) / height, width / WIDTH, tall / height], facecolor=SURFACE)
        blank(frame)
        frame.text(0.1 / width, 1 - 0.12 / tall, interpolated(panel["title"], viewer.values), color=TEXT, size=10, va="top",
                   transform=frame.transAxes)
        draw_panel, (at_left, at_bottom) = KINDS[panel["type"]]
        axes = figure.add_axes([(left + at_left) / WIDTH, 1 - (top + tall - at_bottom) / height,
                                (width - at_left - 0.12) / WIDTH, (tall - at_bottom - 0.36) / height], facecolor=SURFACE)
        for edge in [*frame.spines.values(), *axes.spines.values()]:
            edge.set_color("#2c3235" if edge in frame.spines.values() else SURFACE)
        draw_panel(axes, panel, viewer)
    figure.savefig(path, facecolor=BACKGROUND, dpi=70)
    picture = Image.open(path).convert("RGB")
    picture.quantize(256, kmeans=3).save(path, optimize=True)
    plt.close(figure)


def blank(axes):
    """Removes the ticks of an axis."""
    axes.set_xticks([])
    axes.set_yticks([])


def stat(axes, panel, viewer):
    """A stat panel: large numbers side by side."""
    blank(axes)
    found = viewer.now(panel["targets"][0])
    by_name = panel["options"]["textMode"]
    for index, row in enumerate(found or [None]):
        x = (index + 0.5) / max(1, len(found))
        if row is None:
            axes.text(x, 0.45, panel["fieldConfig"]["defaults"]["noValue"], color=TEXT, size=20, ha="center", va="center",
                      transform=axes.transAxes)
            continue
        value = float(row["value"][1])
        name = viewer.legend(panel["targets"][0], row["metric"])
        text = name if by_name == "name" else formatted(value, panel["fieldConfig"]["defaults"])
        size = 20 if len(text) < 12 else 13
        axes.text(x, 0.45, text, color=colored(value, panel["fieldConfig"]["defaults"]), size=size, ha="center",
                  va="center", transform=axes.transAxes)
        if by_name == "value_and_name":
            axes.text(x, 0.85, name, color=TEXT, size=10, ha="center", va="center", transform=axes.transAxes)


def series(axes, panel, viewer):
    """A time series panel: lines, bars and areas, with the thresholds."""
    defaults, points = panel["fieldConfig"]["defaults"], panel.get("maxDataPoints", 300)
    custom, lines = defaults["custom"], []
    for target in panel["targets"]:
        for row in viewer.history(target, points):
            lines.append((viewer.legend(target, row["metric"]), {float(at): float(value) for at, value in row["values"]}))
    times = sorted({at for _, values in lines for at in values})
    dates = [date(at, viewer) for at in times]
    base = [0.0] * len(times)
    for index, (name, values) in enumerate(lines):
        color, numbers = COLORS[index % len(COLORS)], [values.get(at, float("nan")) for at in times]
        stacked = custom["stacking"]["mode"] == "normal"
        bottom = base if stacked else [0.0] * len(times)
        top = [below + (0 if number != number else number) if stacked else number for below, number in zip(bottom, numbers)]
        if custom["drawStyle"] == "bars":
            width = (dates[1] - dates[0]) * 0.8 / (1 if stacked else len(lines)) if len(dates) > 1 else 0.01
            places = dates if stacked else [date + index * width for date in dates]
            axes.bar(places, [high - low for high, low in zip(top, bottom)], width, bottom, color=color, label=name,
                     alpha=0.8)
        else:
            axes.plot(dates, top, color=color, lw=1.3, label=name, ls=style(panel, name))
            if custom["fillOpacity"]:
                axes.fill_between(dates, bottom, top, color=color, alpha=custom["fillOpacity"] / 100)
        base = top if stacked else base
    finish(axes, panel, lines)
    axes.set_xlim(date(viewer.start, viewer), date(viewer.end, viewer))


def date(at, viewer):
    """A time on the axis, whose days have 24 hours and which ends at the end of the range."""
    return (viewer.end + (at - viewer.end) * viewer.factor) / 86_400


def style(panel, name):
    """Solid, or dashed where an override says so."""
    for entry in panel["fieldConfig"]["overrides"]:
        if re.search(entry["matcher"]["options"].strip("/"), name):
            return "--"
    return "-"


def finish(axes, panel, lines):
    """Draws scales, thresholds and legend of a time series panel."""
    defaults = panel["fieldConfig"]["defaults"]
    axes.tick_params(colors=FAINT, labelsize=8)
    axes.grid(color="#2c3235", lw=0.5)
    axes.set_axisbelow(True)
    if not lines:
        axes.text(0.5, 0.5, "No data", color="red", ha="center", va="center", transform=axes.transAxes)
        return
    if "min" in defaults:
        axes.set_ylim(bottom=defaults["min"])
    if "max" in defaults:
        axes.set_ylim(top=defaults["max"])
    if defaults["custom"]["thresholdsStyle"]["mode"] == "dashed":
        for step in defaults["thresholds"]["steps"][1:]:
            axes.axhline(step["value"], color={"text": TEXT}.get(step["color"], step["color"]), ls="--", lw=1)
    if defaults.get("decimals") == 0 and defaults["unit"] == "short":
        axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.yaxis.set_major_formatter(lambda value, _: formatted(value, defaults))
    locator = AutoDateLocator()
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))
    axes.legend(loc="upper left", bbox_to_anchor=(-0.05, -0.1), ncol=4, fontsize=7.5, frameon=False, labelcolor=TEXT)


def bars(axes, panel, viewer):
    """A bar gauge: horizontal bars with their numbers."""
    defaults = panel["fieldConfig"]["defaults"]
    found = [(viewer.legend(target, row["metric"]), float(row["value"][1]))
             for target in panel["targets"] for row in viewer.now(target)]
    limit = defaults.get("max") or max([value for _, value in found], default=1)
    for index, (name, value) in enumerate(found):
        color = colored(value, defaults)
        axes.barh(index, value, color=COLORS[2] if color == TEXT else color)
        axes.text(limit * 1.02, index, formatted(value, defaults), color=TEXT, va="center", size=9)
    axes.set_yticks(range(len(found)), [name for name, _ in found], color=TEXT, size=9)
    axes.set_xticks([])
    axes.set_xlim(0, limit * 1.25)
    axes.invert_yaxis()


def timeline(axes, panel, viewer):
    """A state timeline: a strip of coloured intervals for each series."""
    found = [(viewer.legend(target, row["metric"]), row["values"])
             for target in panel["targets"] for row in viewer.history(target)]
    for index, (_, values) in enumerate(found):
        for at, value in values:
            axes.barh(index, (viewer.end - viewer.start) / 250, left=float(at) - viewer.start, height=0.7,
                      color=colored(float(value), panel["fieldConfig"]["defaults"]))
    axes.set_yticks(range(len(found)), [name for name, _ in found], color=TEXT, size=8)
    axes.set_xticks([])


def table(axes, panel, viewer):
    """A table panel, with as many rows as fit."""
    blank(axes)
    head, rows = rows_of_table(panel, viewer)
    if not rows:
        axes.text(0.5, 0.5, "No data", color="red", ha="center", va="center", transform=axes.transAxes)
    # Grafana's grid is of 38 pixels, its rows take 36.
    fit = int((panel["gridPos"]["h"] * 38 - 80) / 36)
    widths = [max([len(title)] + [len(row[index][0]) for row in rows]) + 2 for index, title in enumerate(head)]
    lefts = [sum(widths[:index]) / sum(widths) * 0.97 + 0.01 for index in range(len(widths))]
    for index, title in enumerate(head):
        axes.text(lefts[index], 0.95, title, color="#6e9fff", size=9, va="top", transform=axes.transAxes)
    for line, row in enumerate(rows[:fit]):
        for left, (text, color) in zip(lefts, row):
            axes.text(left, 0.95 - (line + 1.2) / (fit + 2), text, color=color, size=9, va="top", transform=axes.transAxes)


# How each type of panel is drawn, and the inches it needs for its scales at the left and below.
KINDS = {"stat": (stat, (0.12, 0.06)), "timeseries": (series, (0.74, 0.52)), "bargauge": (bars, (1.75, 0.12)),
         "table": (table, (0.06, 0.06)), "state-timeline": (timeline, (1.4, 0.12))}


def use_fonts():
    """Chooses the installed fonts, so that names in other scripts are drawn where there is a font for them."""
    installed = {font.name for font in matplotlib.font_manager.fontManager.ttflist}
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    plt.rcParams["font.family"] = [font for font in FONTS if font in installed]


def main():
    arguments = parser(__doc__, build="debug")
    arguments.add_argument("--prometheus", help="base URL of one that runs")
    arguments.add_argument("--factor", type=int, help="how much shorter a day is there", default=1)
    arguments.add_argument("--range", default="7d", help="how far back")
    arguments.add_argument("--ago", default="0s", help="how long ago the range ends")
    arguments.add_argument("--out", type=Path, default=Path("pictures"))
    arguments.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="chooses a variable's value")
    arguments.add_argument("dashboard", nargs="*", help="which ones; default all")
    options = arguments.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    use_fonts()
    if options.prometheus:
        draw_all(options, options.prometheus, options.factor)
    else:
        draw_simulated(options)


def draw_simulated(options):
    """Runs the simulated stack for the range, with faults half-way, then draws it."""
    pause = seconds(options.range) / FACTOR
    with (
        tempfile.TemporaryDirectory() as folder,
        Simulator(options.program, speed=FACTOR) as simulator,
        start_exporter(options.program, folder, simulator) as exporter,
        start_prometheus(folder, exporter.target, rules=lambda text: scaled(text, FACTOR)) as prometheus,
    ):
        time.sleep(pause / 2)
        set_faults(simulator.url, "lemlist:server-error", "instantly:counters-fall")
        time.sleep(pause / 40)
        set_faults(simulator.url)
        time.sleep(pause / 2)
        draw_all(options, prometheus.url, FACTOR)


def draw_all(options, base, factor):
    """Draws the chosen dashboards, with the busiest campaign unless one is set."""
    end = time.time() - seconds(options.ago) / factor
    chosen = dict(pair.split("=", 1) for pair in options.set)
    for name, dashboard in dashboards().items():
        if not options.dashboard or name in options.dashboard:
            viewer = Viewer(base, dashboard, end - seconds(options.range) / factor, end, factor,
                            **busiest(base, dashboard) | chosen)
            draw(viewer, options.out / f"{name}.png")
            print(options.out / f"{name}.png")


if __name__ == "__main__":
    main()
