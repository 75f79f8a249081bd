# SPDX-License-Identifier: Apache-2.0
"""Numbers and tables as Grafana formats and colours them."""

PALETTE = {"text": "#d8d9da", "green": "#73bf69", "orange": "#ff9830", "red": "#f2495c", "blue": "#5794f2",
           "transparent": "#d8d9da"}


def formatted(value, config):
    """A number with its unit, or the text that a value mapping gives it."""
    for mapping in config.get("mappings") or []:
        if found := mapping["options"].get(f"{value:g}"):
            return found["text"]
    decimals = config.get("decimals")
    unit = config.get("unit", "short")
    if unit == "percentunit":
        return f"{value * 100:.{1 if decimals is None else decimals}f}%"
    if unit == "bytes":
        return f"{value / 2 ** 20:.1f} MiB"
    if unit == "s":
        return next(f"{value / length:.{digits}f} {name}" for length, name, digits in [
            (86_400, "days", 1), (3600, "hours", 1), (60, "min", 1), (1, "s", decimals or 0)]
            if abs(value) >= length or length == 1)
    suffix = " req/s" if unit == "reqps" else ""
    if abs(value) >= 10_000:
        return f"{value / 1000:.1f} K{suffix}"
    return f"{value:.{decimals if decimals is not None else 0 if value == int(value) else 1}f}{suffix}"


def colored(value, config):
    """The colour of the threshold that a number has reached, or of its value mapping."""
    for mapping in config.get("mappings") or []:
        if found := mapping["options"].get(value if isinstance(value, str) else f"{value:g}"):
            return PALETTE[found["color"]]
    if isinstance(value, str):
        return PALETTE["text"]
    color = "text"
    for step in (config.get("thresholds") or {}).get("steps", []):
        if step["value"] is None or value >= step["value"]:
            color = step["color"]
    return PALETTE[color]


def merged(panel, viewer):
    """Grafana's transformation `merge`: frames joined into rows by the fields that all of them have."""
    frames = [[row["metric"] | {f"Value #{target['refId']}": float(row["value"][1])} for row in viewer.now(target)]
              for target in panel["targets"]]
    frames = [frame for frame in frames if frame]
    shared = set.intersection(*({key for row in frame for key in row} for frame in frames)) - {"__name__"} if frames else set()
    rows = {}
    for frame in frames:
        for row in frame:
            rows.setdefault(tuple(row.get(key) for key in sorted(shared)), {}).update(row)
    return list(rows.values())


def rows_of_table(panel, viewer):
    """The titles of a table, and its rows of (text, colour)."""
    overrides = {entry["matcher"]["options"]: {item["id"]: item["value"] for item in entry["properties"]}
                 for entry in panel["fieldConfig"]["overrides"] if entry["matcher"]["id"] == "byName"}
    names = panel["transformations"][1]["options"]["include"]["names"]
    rows = merged(panel, viewer)
    visible = [name for name in names if not overrides[name].get("custom.hidden") and any(name in row for row in rows)]
    for sort in reversed(panel["options"]["sortBy"]):
        key = next(name for name in names if overrides[name]["displayName"] == sort["displayName"])
        rows.sort(key=lambda row: (key in row, row.get(key)), reverse=sort["desc"])
    return [overrides[name]["displayName"] for name in visible], [
        [shown(row.get(name), overrides[name]) for name in visible] for row in rows]


def shown(value, config):
    """Text and colour of a cell."""
    if value is None:
        return "", PALETTE["text"]
    if isinstance(value, str):
        return " ".join(value.split()), PALETTE["blue"] if "links" in config else colored(value, config)
    return formatted(value, config), colored(value, config)
