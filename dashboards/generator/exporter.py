# SPDX-License-Identifier: Apache-2.0
"""The exporter about itself."""

from . import thresholds
from .dashboard import exporter_variables, dashboard
from .panels import coloured, happened, mapping, per_collection, series, stat, target, timeline
from .query import ACCOUNT, EXPORTER, select
from .tables import label, number, table

UP = mapping({1: ("collecting", "green"), 0: ("failing", "red")})
BY_ACCOUNT = "{{account}} ({{provider}})"
# The colours of statuses, and of the reasons for which a request is tried again or a collection left out.
STATUSES = {"[45]..": "orange", "5..": "red", "2..": "green", "3..": "blue", "401|402|403": "purple", "429": "yellow", "error": "dark-red"}
REASONS = {"throttled": "yellow", "server_error": "red", "blocked": "purple", "timeout": "orange", "connection": "dark-red",
           "memory": "light-blue", "skipped": "blue"}
# What an exporter counts itself, about accounts.
OWN = f"{EXPORTER}, {ACCOUNT}"


def headline():
    """Can the numbers be trusted right now?"""
    return [
        stat("Exporters up", "Exporters that Prometheus can read.", f"sum({select('up', EXPORTER)})",
             thresholds=thresholds.steps("red", (1, "green"))),
        stat("Accounts failing", "Accounts whose last collection failed.",
             f"count({select('account:outreach_account_up:last10m')} == 0) or vector(0)", thresholds=thresholds.any_is_bad()),
        stat("Oldest numbers", "Time since the last successful collection of the account that waits longest, in its "
             "collection intervals.", f"max({select('account:outreach_data_age_per_interval:ratio')})", "short",
             thresholds.rising(thresholds.AGE), 1),
        stat("Requests per hour", "Requests to the providers in the last hour, every try counted.",
             f"sum(increase({select('outreach_api_requests_total', OWN)}[1h]))", decimals=0),
        stat("Failed requests", "Share of the requests of the last hour without an answer of 2xx.",
             f"(sum(increase({select('outreach_api_requests_total', OWN, code__not_re='2..')}[1h])) or vector(0)) / "
             f"sum(increase({select('outreach_api_requests_total', OWN)}[1h]))", "percentunit",
             thresholds.rising(thresholds.THROTTLED), 1),
        stat("Series", "Series on the page of the exporter.", f"sum({select('outreach_exporter_series', EXPORTER)})"),
        stat("Memory", "Resident memory.", f"sum({select('process_resident_memory_bytes', EXPORTER)})", "bytes"),
        stat("Version", "What runs.", select("outreach_exporter_build_info", EXPORTER), legend="{{version}}", text="name"),
    ]


def freshness():
    """Is it current?"""
    return [
        series("Age of the numbers", "The longest time since the last successful collection, in collection intervals, with the "
               "limits of the alerts OutreachDataStale and OutreachAccountDown.",
               [per_collection(f"max by (provider, account) (max_over_time("
                               f"{select('account:outreach_data_age_per_interval:ratio')}[$__rate_interval]))", BY_ACCOUNT)],
               thresholds=thresholds.rising(thresholds.AGE), decimals=1),
        series("Duration of a collection", "Duration of the last collection as a share of its interval, with the limit of the alert "
               "OutreachCollectionSlow.",
               [target(f"max by (provider, account) "
                       f"({select('account:outreach_collection_duration_per_interval:ratio')})", BY_ACCOUNT)],
               "percentunit", thresholds.rising(thresholds.DURATION), decimals=0),
        timeline("Collections", "Whether each account's last collection succeeded.",
                 [target(f"min by (provider, account) ({select('account:outreach_account_up:last10m')})", BY_ACCOUNT)], [UP]),
    ]


def rate(metric, by, **matchers):
    """Events per second."""
    return f"sum by ({by}) (rate({select(metric, OWN, **matchers)}[$__rate_interval]))"


def slices(metric, by):
    """Events in the time of each bar."""
    return per_collection(f"sum by ({by}) ({happened(select(metric, OWN), from_zero=True)})", f"{{{{{by}}}}}")


def calls():
    """What the providers say to us."""
    return [
        series("Requests", "Requests to the providers per second by status; `error` is a request without an answer.",
               [per_collection(rate("outreach_api_requests_total", "code"), "{{code}}")], "reqps", stacked=True, decimals=2,
               overrides=coloured(STATUSES)),
        series("Slow answers", "The time within which 95 of 100 requests are answered, by provider.",
               [per_collection(f"histogram_quantile(0.95, {rate('outreach_api_request_duration_seconds_bucket', 'provider, le')})",
                       "{{provider}}")], "s", decimals=2),
        series("Waiting for the rate limiter", "Seconds per second that an account's requests wait for their turn. Above 1: several "
               "wait at once.",
               [per_collection(rate("outreach_api_throttled_seconds_total", "provider, account"), BY_ACCOUNT)], "short", decimals=2),
        series("Tries again and starts left out", "Requests tried again, by reason, and collections that did not start because the last "
               "one still ran.",
               [slices("outreach_api_retries_total", "reason"),
                per_collection(f"sum({happened(select('outreach_collections_skipped_total', OWN), from_zero=True)})", "skipped")],
               bars=True, stacked=True, decimals=0, points=60,
               overrides=coloured(REASONS)),
    ]


def honesty():
    """What was left out or put right."""
    return [
        series("Counters put right", "Totals that a provider lowered: held at their former value, or passed on as a reset.",
               [slices("outreach_collection_corrections_total", "action")], bars=True, stacked=True, decimals=0, points=60),
        series("Requests saved", "Requests that were not needed because the listing showed no change.",
               [slices("outreach_collection_details_skipped_total", "provider")], bars=True, stacked=True, decimals=0, points=60),
        series("Memory", "Resident memory of the exporter.",
               [target(select("process_resident_memory_bytes", EXPORTER), "{{instance}}")], "bytes"),
        series("Processor", "Processor seconds per second.",
               [per_collection(f"rate({select('process_cpu_seconds_total', EXPORTER)}[$__rate_interval])", "{{instance}}")], "percentunit",
               decimals=1),
    ]


def accounts():
    """Every account."""
    def column(title, metric, unit="short", **rest):
        return number(title, f"max by (provider, account) ({select(metric, ACCOUNT if ':' in metric else OWN)})", unit, **rest)
    return table(
        "Accounts", "Every account and its last collection.",
        [label("account", "Account"), label("provider", "Provider"),
         number("State", f"min by (provider, account) ({select('account:outreach_account_up:last10m')})", mappings=(UP,)),
         column("Age", "account:outreach_data_age_seconds:last10m", "s", decimals=0),
         column("Interval", "outreach_collection_interval_seconds", "s", decimals=0),
         column("Duration", "outreach_collection_duration_seconds", "s", decimals=1),
         column("Campaigns", "outreach_collection_campaigns", decimals=0),
         column("Failed", "outreach_collection_campaigns_failed", decimals=0, thresholds=thresholds.any_is_bad())],
        "State", "-Age")


def build():
    """The dashboard."""
    return dashboard("exporter", "Exporter", "Can the numbers be trusted, and what does it cost to get them?",
                     exporter_variables(),
                     [(4, headline()), (8, freshness()), (7, [accounts()]), (8, calls()), (8, honesty())], since="now-6h")
