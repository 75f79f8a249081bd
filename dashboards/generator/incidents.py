# SPDX-License-Identifier: Apache-2.0
"""What went wrong in the exporter's own work. These counters are each exporter's own, so that they are summed."""

from .identity import UP
from .query import ACCOUNT_KEY, identity

# When an exporter began, per target: it counts for itself.
BEGINNING = "instance:outreach_process_start_time_seconds:current"
REFUSED = "account:outreach_key_refused:latched"


def counted(counter, hours, key):
    """Events of the exporter's own counters in the last hours, the first one included.

    `increase()` does not see the step from no series to 1. These counters begin with the exporter, so that a series
    which was not there when the window began counts in full: if its exporter was, or has begun since. Else nobody knows
    which of its events are new, after a network failure for example.
    """
    window = f"{hours}h"
    return (f"sum by ({key}) (\n"
            f"    increase({counter}[{window}]) > 0\n"
            f"  or\n"
            f"    last_over_time({counter}[{window}])\n"
            f"    unless last_over_time({counter}[1h] offset {window})\n"
            f"    and on (job, instance) (\n"
            f"      last_over_time({BEGINNING}[1h] offset {window})\n"
            f"      or last_over_time({BEGINNING}[{window}]) > time() - {hours * 3600}\n"
            f"    )\n"
            f")")


def group():
    """The incidents that alerts ask about."""
    requests = "outreach_api_requests_total"
    refused = counted(f'{requests}{{code=~"401|402|403"}}', 2, ACCOUNT_KEY)
    return "outreach-incidents", "1m", [
        (BEGINNING, "process_start_time_seconds and on (job, instance) outreach_exporter_build_info"),
        # A refused key is asked for once per collection, which may be once in six hours: refused until the account is up again.
        (REFUSED, f"(\n{refused} > 0 or last_over_time({REFUSED}[1h])\n)\nand {UP} == 0"),
        ("account:outreach_counter_resets:increase1h",
         counted('outreach_collection_corrections_total{action="reset"}', 1, ACCOUNT_KEY)),
        ("account:outreach_dropped_series:increase1h", counted("outreach_exporter_dropped_series_total", 1, ACCOUNT_KEY)),
        ("account:outreach_collections_skipped:increase1h", counted("outreach_collections_skipped_total", 1, ACCOUNT_KEY)),
        ("provider:outreach_unknown_values:increase1d",
         counted("outreach_exporter_unknown_values_total", 24, identity("provider", "field"))),
        ("account:outreach_api_requests_throttled_per_requests:ratio_increase1h",
         f'sum by ({ACCOUNT_KEY}) (increase({requests}{{code="429"}}[1h]))\n/\n'
         f"(sum by ({ACCOUNT_KEY}) (increase({requests}[1h])) >= 20)"),
    ]
