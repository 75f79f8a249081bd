# SPDX-License-Identifier: Apache-2.0
"""PromQL as rules and dashboards write it: what identifies a thing, and selectors filtered by the variables."""

from .settings import FURTHER_LABELS


def identity(*labels):
    """The labels that identify something, for `by` and `on`: those of the exporter's own series, none of the scrape's."""
    return ", ".join(FURTHER_LABELS + labels)


ACCOUNT_KEY = identity("provider", "account")
CAMPAIGN_KEY = identity("provider", "account", "campaign")
STEP_KEY = identity("provider", "account", "campaign", "sequence", "step")
VARIANT_KEY = identity("provider", "account", "campaign", "sequence", "step", "variant")
MAILBOX_KEY = identity("provider", "account", "mailbox")
DOMAIN_KEY = identity("provider", "account", "domain")

# Filters of the dashboards: one exporter's own numbers, what exporters tell of an account, a campaign.
EXPORTER = 'job=~"$job", instance=~"$instance"'
ACCOUNT = 'provider=~"$provider", account=~"$account"'
CAMPAIGN = f'{ACCOUNT}, campaign=~"$campaign"'


def select(metric, scope=ACCOUNT, **matchers):
    """A selector of a metric: `select("up", EXPORTER)`; `status__re="a|b"` matches a regular expression, `__not` negates."""
    operators = {"re": "=~", "not": "!=", "not_re": "!~"}
    parts = [scope]
    for key, value in matchers.items():
        label, _, operator = key.partition("__")
        parts.append(f'{label}{operators.get(operator, "=")}"{value}"')
    return f"{metric}{{{', '.join(parts)}}}"


def latest(metric, key, scope=ACCOUNT, **matchers):
    """A metric per identity, whichever exporter tells it."""
    return f"max by ({key}) ({select(metric, scope, **matchers)})"


def named(expression, scope=ACCOUNT):
    """Joins the campaign's name onto series that carry the campaign's identity; they stay without it where it is missing."""
    info = select("campaign:outreach_campaign_info:last10m", scope)
    return (f"({expression} * on ({CAMPAIGN_KEY}) group_left (name) {info}) "
            f"or ({expression} unless on ({CAMPAIGN_KEY}) {info})")
