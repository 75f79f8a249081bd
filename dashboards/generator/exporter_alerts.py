# SPDX-License-Identifier: Apache-2.0
"""Alerts about the exporter and its collections."""

from .alert import ACCOUNT, COLLECTION_PAGE, Alert, percent
from .identity import AGE, INTERVAL, MEASURES, PART_UP, UP, last
from .incidents import REFUSED
from .query import ACCOUNT_KEY, identity
from .settings import AGE as AGES, DURATION, INCOMPLETE, JOB, OF_STANDSTILL, SCRAPE_SLACK, THROTTLED


def alert(name, severity, expression, pending, summary, description, threshold="", **rest):
    """An alert of one severity about an account or an exporter."""
    return Alert(name, [(severity, expression, pending, threshold)], "operations", summary, description, COLLECTION_PAGE, **rest)


def down():
    """Targets of the job, and any that was an exporter today, without a good scrape; or no exporter at all, whatever its job.

    A server whose user is bound to accounts has no metrics of the exporter itself, but sees the accounts.
    """
    failing = "max_over_time(up{matchers}[6m]) == 0".replace("{matchers}", "%s")
    seen = "last_over_time(outreach_exporter_build_info[1d])"
    targets = failing % f'{{job="{JOB}"}}' + f"\nor {failing % ''} and on (job, instance) {seen}"
    nothing = " and ".join(f"absent_over_time({metric}[11m])" for metric in ["outreach_exporter_build_info", "outreach_account_up"])
    return f"{targets}\nor {nothing} unless on () ({targets})".replace("\nor max", "\n  or max")


def reachability():
    """Nothing is known, or no longer."""
    success, per_interval = "outreach_collection_last_success_timestamp_seconds", "account:outreach_data_age_per_interval:ratio"
    # Not the recorded age: it is up to a minute old, so this alert would resolve after OutreachKeyRefused.
    stale = (f"clamp_min(time() - {last(ACCOUNT_KEY, success)} - {SCRAPE_SLACK}, 0)\n"
             f"/ {last(ACCOUNT_KEY, 'outreach_collection_interval_seconds')} > {AGES[0]}")
    return [
        alert("OutreachExporterDown", "critical", down(), "5m",
              "Prometheus cannot read the exporter, so that nothing about outreach is known.",
              "No scrape of {{ with $labels.instance }}{{ . }}{{ else }}any exporter{{ end }} has worked for ten minutes."),
        # These two keep firing longer than the alerts that they inhibit: those use recorded series and resolve minutes later.
        alert("OutreachAccountDown", "critical", f"{UP} == 0 unless {per_interval} < {AGES[1]}", "5m",
              "An account's provider has not answered for three collection intervals.",
              f"The collections of {ACCOUNT} keep failing: its numbers are gone from the page or about to go.",
              f"{AGES[1]} intervals", keep_firing_for="5m"),
        # Longer than one collection at the default interval: a provider now and then refuses a good key once.
        alert("OutreachKeyRefused", "critical", f"{REFUSED} > 0", "10m",
              "A provider refuses an account's API key or its plan.",
              f"The provider answers {ACCOUNT} with 401, 402 or 403. Waiting does not heal it.", keep_firing_for="5m"),
        alert("OutreachDataStale", "warning", stale, "5m", "An account's numbers are older than two collections may take.",
              f"The last successful collection of {ACCOUNT} is more than {{{{ $value | printf \"%.1f\" }}}} intervals old.",
              f"{AGES[0]} intervals"),
    ]


def completeness():
    """Something is known, but not all."""
    refused = last(identity("provider", "account", "part"), "outreach_collection_part_refused")
    failed, campaigns = (last(ACCOUNT_KEY, f"outreach_collection_campaigns{name}") for name in ["_failed", ""])
    key = identity("provider", "account", "part")
    failing = f"(\n  {PART_UP} == 0\n  unless on ({key}) {refused} == 1\n)\nand on ({ACCOUNT_KEY}) {UP} == 1"
    lost = (f'max_over_time({MEASURES}{{measure!~"{OF_STANDSTILL}"}}[1d])\n'
            f"unless last_over_time({MEASURES}[10m])\n"
            f"and on ({ACCOUNT_KEY}) min_over_time({UP}[30m]) == 1\nunless on ({ACCOUNT_KEY}) {PART_UP} == 0\n"
            f'and on ({ACCOUNT_KEY}) {MEASURES}{{measure="outreach_campaign_info"}}')
    return [
        alert("OutreachCollectionIncomplete", "warning", f"{failed}\n/ ({campaigns} > 0) > {INCOMPLETE}", "20m",
              "Some campaigns of an account cannot be read.",
              f"{{{{ $value | humanizePercentage }}}} of the campaigns of {ACCOUNT} failed in the last collection.",
              percent(INCOMPLETE)),
        alert("OutreachPartRefused", "warning", f"{refused} == 1", "15m",
              "A provider refuses a part of an account's data to its API key.",
              f"The provider refuses {{{{ $labels.part }}}} of {ACCOUNT} to this key. Everything else of the account is collected."),
        # A refused part has an alert of its own, and an account that is down explains all of its parts.
        alert("OutreachPartFailing", "warning", failing, "30m",
              "A part of an account's data cannot be read, while the rest can.",
              f"The requests for {{{{ $labels.part }}}} of {ACCOUNT} keep failing. Its numbers are removed when they are too old."),
        # Campaigns, mailboxes and domains that somebody deleted take their measures along: the campaigns must still be there.
        alert("OutreachMeasureLost", "warning", lost, "30m",
              "An account is collected and has lost a measure that it had within a day.",
              f"{ACCOUNT} has no {{{{ $labels.measure }}}} any more, {{{{ $value }}}} series at most within the last day."),
    ]


def capacity():
    """Limits that are reached."""
    slow = (f"account:outreach_collection_duration_per_interval:ratio > {DURATION[0]}\n"
            "or account:outreach_collections_skipped:increase1h > 1")
    return [
        alert("OutreachCollectionSlow", "warning", slow, "20m", "A collection takes nearly as long as its interval, or longer.",
              f"The collections of {ACCOUNT} do not fit their interval any more.", f"{percent(DURATION[0])} of the interval"),
        alert("OutreachApiThrottled", "warning",
              f"account:outreach_api_requests_throttled_per_requests:ratio_increase1h > {THROTTLED[0]}", "15m",
              "A provider turns requests away because there are too many.",
              f"{{{{ $value | humanizePercentage }}}} of the requests of {ACCOUNT} were answered with 429 in the last hour.",
              percent(THROTTLED[0])),
        alert("OutreachSeriesDropped", "warning", "account:outreach_dropped_series:increase1h > 0", "5m",
              "The exporter leaves out data because a limit is reached.",
              f"{{{{ $value | printf \"%.0f\" }}}} series of {ACCOUNT} were dropped within the last hour."),
    ]


def shards():
    """Shares of the accounts that no exporter has, or two."""
    missing = ("count(count by (shard) (last_over_time(outreach_exporter_shard_info[10m])))\n"
               "< max(last_over_time(outreach_exporter_shards[10m]))")
    return [
        alert("OutreachShardMissing", "critical", missing, "5m", "A share of the accounts is collected by no exporter.",
              "Only {{ $value }} shares of the accounts have an exporter, fewer than the exporters say that there are."),
        # Without a look back: the pod that a new one has replaced is not there twice.
        alert("OutreachShardDuplicated", "warning", "count by (shard, shards) (outreach_exporter_shard_info) > 1", "15m",
              "Two exporters collect the same share of the accounts, and use up its rate limits twice.",
              "{{ $value }} exporters have share {{ $labels.shard }} of {{ $labels.shards }}."),
    ]


def oddities():
    """What should not be, and what explains other alerts."""
    held = last(ACCOUNT_KEY, "outreach_account_counters_held")
    missing = last(identity("provider", "route", "field"), "outreach_exporter_missing_fields")
    return [
        alert("OutreachCounterReset", "info", "account:outreach_counter_resets:increase1h > 0", "",
              "A provider's totals fell by more than half, so that windows over this moment are not exact.",
              f"{{{{ $value | printf \"%.0f\" }}}} totals of {ACCOUNT} fell to less than half within the last hour."),
        alert("OutreachCountersHeld", "info", f"{held} > 0", "1d", "A provider corrected totals downward, and they have not caught up.",
              f"{{{{ $value }}}} totals of {ACCOUNT} are held at a former value, some for a day."),
        alert("OutreachReloadFailed", "warning",
              "max_over_time(outreach_exporter_config_last_reload_successful[10m]) == 0", "5m",
              "The exporter runs on an older configuration because the new one is broken.",
              "The last reload of {{ $labels.instance }} failed."),
        alert("OutreachUnknownValues", "info", "provider:outreach_unknown_values:increase1d > 0", "",
              "A provider says something that this version of the exporter does not know.",
              "{{ $labels.provider }} sent unknown values in the field {{ $labels.field }} within the last day."),
        alert("OutreachFieldsMissing", "warning", f"{missing} == 1", "15m",
              "A provider no longer reports a number that the exporter reads.",
              "No row of {{ $labels.route }} ({{ $labels.provider }}) has the field {{ $labels.field }} any more: the metrics that come "
              "from it have no values."),
    ]


def alerts():
    """All of them."""
    return [*reachability(), *completeness(), *capacity(), *shards(), *oddities()]
