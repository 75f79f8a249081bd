# SPDX-License-Identifier: Apache-2.0
"""The first layer of recording rules: what a thing is, whoever tells it.

The provider's totals are the same from any exporter, pod or job. The first layer drops the labels of the scrape, keeps
those that identify an account, a campaign, a mailbox, and takes the largest value. Everything else builds on that.
"""

from .query import ACCOUNT_KEY, CAMPAIGN_KEY, MAILBOX_KEY, identity
from .settings import MEMORY, SCRAPE_SLACK

TOTALS = ["messages_sent", "messages_delivered", "messages_bounced", "messages_opened", "messages_clicked",
          "leads_replied", "leads_interested", "leads_unsubscribed", "leads_contacted", "meetings_booked"]
STATUS = "campaign:outreach_campaign_status:last10m"
SENDING = "campaign:outreach_campaign_sending_state:last10m"
UP = "account:outreach_account_up:last10m"
INFO = "account:outreach_account_info:last10m"
COST = "account:outreach_account_cost_per_month:last10m"
PART_UP = "account:outreach_collection_part_up:last10m"
INTERVAL = "account:outreach_collection_interval_seconds:last10m"
AGE = "account:outreach_data_age_seconds:last10m"
MEASURES = "account:outreach_measure_series:count"


def last(key, metric, matchers="", window=MEMORY):
    """A metric per identity as last seen."""
    return f"max by ({key}) (last_over_time({metric}{matchers}[{window}]))"


def total(measure):
    """The name of a campaign's total."""
    return f"campaign:outreach_campaign_{measure}:total"


def held(name, now):
    """A total that does not fall by less than half: another exporter may know of a correction that this one held."""
    return f"(\n  (last_over_time({name}[1h]) > {now})\n  <= 2 * {now}\n)\nor\n{now}"


def told(measure):
    """A campaign's total as exporters tell it."""
    counted = last(CAMPAIGN_KEY, f"outreach_campaign_{measure}_total")
    if measure != "leads_contacted":
        return counted
    # A provider that counts leads by status alone: all that do not wait have been contacted.
    return f"({counted} or {last(CAMPAIGN_KEY, 'outreach_campaign_leads')} - {waiting()})"


def waiting():
    """Leads that wait for their first message, where the provider counts leads by status; a status without leads may be missing."""
    leads = "outreach_campaign_leads_by_status"
    return f"""({last(CAMPAIGN_KEY, leads, '{lead_status=~"pending|notStarted"}')} or 0 * {last(CAMPAIGN_KEY, leads)})"""


def totals():
    """Campaigns' totals."""
    return "outreach-totals", "4m", [(total(measure), held(total(measure), told(measure))) for measure in TOTALS]


def newest(key, labels, metric):
    """One description per identity, the present one before one of a missed scrape: a join finds exactly one, also after a change."""
    return (f"topk by ({key}) (1, max by ({labels}) ({metric}))\nor\n(\n"
            f"  topk by ({key}) (1, {last(labels, metric)})\n  unless on ({key}) {metric}\n)")


def readable(parts, window=""):
    """Accounts whose data is read now, or was at some time within a window.

    The first of the parts that the account has decides, and the account as a whole where it has none of them.
    """
    states = [f'{PART_UP}{{part="{part}"}}' for part in parts] + [UP]
    states = [f"max_over_time({state}[{window}])" for state in states] if window else states

    def decided(index):
        """What one state says of accounts that have none of those before it."""
        others = "".join(f" unless on ({ACCOUNT_KEY}) {before}" for before in states[:index])
        return f"{states[index]} == 1" if not index else f"({states[index]} == 1{others})"
    return f"\n    or on ({ACCOUNT_KEY}) ".join(map(decided, range(len(states))))


def kept(metric, parts, *labels):
    """A mailbox's or domain's gauge, kept while its part of the account cannot be read, for a day at most.

    An alert must not resolve because nobody looks any more. The last sample is handed on from one evaluation to the next, so that
    what had ended before the part failed stays ended.
    """
    key = identity("provider", "account", *labels)
    level, _, name = metric.partition(":")
    record = f"{level}:{name}:kept"
    return record, (f"{last(key, name)}\nor\n(\n  last_over_time({record}[{MEMORY}])\n"
                    f"  and on ({ACCOUNT_KEY}) (\n    {readable(parts, '1d')}\n  )\n"
                    f"  unless on ({ACCOUNT_KEY}) (\n    {readable(parts)}\n  )\n)")


def state():
    """The present of accounts, campaigns, mailboxes and domains, safe against a missed scrape."""
    success = "outreach_collection_last_success_timestamp_seconds"
    name = identity("provider", "account", "campaign", "name")
    landed = "mailbox:outreach_mailbox_warmup_messages_landed:kept"
    # A provider that tells of spam alone tells how many were sent.
    per_mailbox = (f'sum by ({MAILBOX_KEY}) ({landed}) and on ({MAILBOX_KEY}) {landed}{{placement!="spam"}}\n'
                   f"or\nmailbox:outreach_mailbox_warmup_messages_sent:kept and on ({MAILBOX_KEY}) {landed}")
    judged = "mailbox:outreach_warmup_messages_landed:sum"
    return "outreach-state", "1m", [
        ("campaign:outreach_campaign_info:last10m", newest(CAMPAIGN_KEY, name, "outreach_campaign_info")),
        (STATUS, last(identity("provider", "account", "campaign", "status"), "outreach_campaign_status")),
        (SENDING, last(identity("provider", "account", "campaign", "state"), "outreach_campaign_sending_state")),
        (UP, last(ACCOUNT_KEY, "outreach_account_up")),
        # Every account has one, also where no exporter tells of clients.
        (INFO, f"{newest(ACCOUNT_KEY, identity('provider', 'account', 'client'), 'outreach_account_info')}\nor on ({ACCOUNT_KEY}) {UP}"),
        (COST, last(identity("provider", "account", "currency"), "outreach_account_cost_per_month")),
        (PART_UP, last(identity("provider", "account", "part"), "outreach_collection_part_up")),
        (INTERVAL, last(ACCOUNT_KEY, "outreach_collection_interval_seconds")),
        (AGE, f"time() - {last(ACCOUNT_KEY, success)}"),
        ("account:outreach_data_age_per_interval:ratio", f"clamp_min({AGE} - {SCRAPE_SLACK}, 0)\n/\n{INTERVAL}"),
        ("account:outreach_collection_duration_per_interval:ratio",
         f"{last(ACCOUNT_KEY, 'outreach_collection_duration_seconds')}\n/\n{INTERVAL}"),
        kept("mailbox:outreach_mailbox_status", ["mailboxes"], "mailbox", "status"),
        kept("mailbox:outreach_mailbox_warmup_messages_landed", ["mailboxes"], "mailbox", "placement"),
        kept("mailbox:outreach_mailbox_warmup_messages_sent", ["mailboxes"], "mailbox"),
        kept("domain:outreach_domain_check_passed", ["domain_checks", "mailboxes"], "domain", "check"),
        (judged, per_mailbox),
        ("mailbox:outreach_spam_per_landed:ratio",
         f'sum by ({MAILBOX_KEY}) ({landed}{{placement="spam"}})\n/\n({judged} > 0)'),
        ("account:outreach_spam_per_landed:ratio",
         f'sum by ({ACCOUNT_KEY}) ({landed}{{placement="spam"}})\n/\n(sum by ({ACCOUNT_KEY}) ({judged}) > 0)'),
    ]


def measures():
    """How many series an account has of each measure of campaigns, steps, mailboxes and domains."""
    names = "outreach_(campaign|step|mailbox|domain)_.+"
    counted = f'count by ({identity("provider", "account", "__name__")}) ({{__name__=~"{names}"}})'
    return "outreach-measures", "4m", [
        (MEASURES, f'max by ({identity("provider", "account", "measure")}) (\n'
                   f'  label_replace({counted}, "measure", "$1", "__name__", "(.+)")\n)')]
