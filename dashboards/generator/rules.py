# SPDX-License-Identifier: Apache-2.0
"""The recording rules: what happened per level and window, and the ratios people ask for.

A ratio is never averaged: at every level its numerator and its denominator are summed first. An aggregation says
`without (campaign)`, not `by (account)`, so that `job`, `instance` and whatever labels a site adds survive.
"""

from dataclasses import dataclass

SENT = "messages_sent"
BUSIEST_DAY = "campaign:outreach_campaign_messages_sent:max7d_increase1d"


@dataclass(frozen=True)
class Outcome:
    """What can become of a message."""

    name: str
    campaign: str
    step: str | None


OUTCOMES = [
    Outcome("delivered", "messages_delivered", "messages_delivered"),
    Outcome("bounced", "messages_bounced", "messages_bounced"),
    Outcome("opened", "messages_opened", "messages_opened"),
    Outcome("clicked", "messages_clicked", "messages_clicked"),
    Outcome("replied", "leads_replied", "messages_replied"),
    Outcome("interested", "leads_interested", None),
    Outcome("unsubscribed", "leads_unsubscribed", "leads_unsubscribed"),
]

VARIANT_OUTCOMES = ["opened", "clicked", "replied"]

HEADER = """\
# SPDX-License-Identifier: Apache-2.0
# Written by dashboards/generate from dashboards/generator/rules.py: change it there.
#
# <level>:outreach_<grain>_<measure>:increase<window>       what happened in the window
# <level>:outreach_<outcome>_per_sent:ratio_increase<window>  its share of the messages sent in the window; no series
#                                                           where nothing was sent or the provider does not tell
"""


def ratio(level, outcome, window):
    """The name of a recorded ratio."""
    return f"{level}:outreach_{outcome}_per_sent:ratio_increase{window}"


def variants(outcome, operation):
    """The name of a recorded comparison of a step's variants."""
    return f"step:outreach_{outcome}_per_sent:{operation}"


def increase(level, measure, window):
    """The name of a recorded increase of a campaign's measure."""
    return f"{level}:outreach_campaign_{measure}:increase{window}"


def measures():
    """The campaign measures that the ratios need."""
    return [SENT] + [outcome.campaign for outcome in OUTCOMES]


def ratios(level, window):
    """The ratios of a level: quotients of what is recorded already."""
    for outcome in OUTCOMES:
        yield ratio(level, outcome.name, window), (
            f"{increase(level, outcome.campaign, window)}\n/\n({increase(level, SENT, window)} > 0)")


def window_group(window, interval, of_campaigns):
    """One window at the levels of campaign (where a campaign has enough messages for it), account and provider."""
    rules = []
    for measure in measures():
        raw = f"increase(outreach_campaign_{measure}_total[{window}])"
        account = f"sum without (campaign) ({raw})"
        if of_campaigns:
            rules.append((increase("campaign", measure, window), raw))
            account = f"sum without (campaign) ({increase('campaign', measure, window)})"
        rules.append((increase("account", measure, window), account))
        rules.append((increase("provider", measure, window),
                      f"sum without (account) ({increase('account', measure, window)})"))
    if window == "7d":
        rules.append((BUSIEST_DAY, f"max_over_time({increase('campaign', SENT, '1d')}[7d])"))
    for level in ["campaign"] * of_campaigns + ["account", "provider"]:
        rules += ratios(level, window)
    return {"name": f"outreach-{window}", "interval": interval, "rules": rules}


def gained(measure):
    """What a step's total gained within a week: all of it where it was not there a week ago, or has begun again since.

    `increase()` reads a week of samples of every variant of every step, which takes a hundred times as long as two
    values. The exporter's totals allow it: they fall only when a provider begins again.
    """
    total = f"outreach_step_{measure}_total"
    return f"{total} - (last_over_time({total}[1h] offset 7d) <= {total}) or {total}"


def step_group():
    """A week of every step and variant: a shorter window says nothing about so few messages."""
    sent = f"step:outreach_step_{SENT}:increase7d"
    rules = [(sent, gained(SENT))]
    for outcome in OUTCOMES:
        if outcome.step:
            rules.append((ratio("step", outcome.name, "7d"), f"(\n  {gained(outcome.step)}\n)\n/\n({sent} > 0)"))
    return {"name": "outreach-steps-7d", "interval": "4m", "rules": rules}


def state_group():
    """What alerts and dashboards ask about the present, safe against a missed scrape."""
    success = "outreach_collection_last_success_timestamp_seconds"
    landed = "outreach_mailbox_warmup_messages_landed"
    return {"name": "outreach-state", "interval": "1m", "rules": [
        # One name per campaign, the latest, also after it was renamed or a scrape was missed: a join finds exactly one.
        ("campaign:outreach_campaign_info:last10m",
         "topk without (name) (1, outreach_campaign_info)\nor\n(\n  topk without (name) (1, last_over_time(outreach_campaign_info[10m]))\n"
         "  unless ignoring (name) outreach_campaign_info\n)"),
        ("account:outreach_collection_interval_seconds:last10m",
         "last_over_time(outreach_collection_interval_seconds[10m])"),
        ("account:outreach_data_age_seconds:last10m", f"time() - last_over_time({success}[10m])"),
        ("account:outreach_data_age_per_interval:ratio",
         "account:outreach_data_age_seconds:last10m\n/\naccount:outreach_collection_interval_seconds:last10m"),
        ("account:outreach_collection_duration_per_interval:ratio",
         "last_over_time(outreach_collection_duration_seconds[10m])\n/\n"
         "account:outreach_collection_interval_seconds:last10m"),
        ("mailbox:outreach_warmup_messages_landed:last10m",
         f"sum without (placement) (last_over_time({landed}[10m]))"),
        ("mailbox:outreach_spam_per_landed:ratio",
         f'sum without (placement) (last_over_time({landed}{{placement="spam"}}[10m]))\n/\n'
         "(mailbox:outreach_warmup_messages_landed:last10m > 0)"),
        ("account:outreach_spam_per_landed:ratio",
         f'sum without (placement, mailbox) (last_over_time({landed}{{placement="spam"}}[10m]))\n/\n'
         "(sum without (mailbox) (mailbox:outreach_warmup_messages_landed:last10m) > 0)"),
    ]}


def significant(outcome, measure, messages, events=5):
    """A campaign's ratio over a day that has messages enough to judge by; over a week if no day of it had.

    A few events are always chance: with one bounce in 200 usual, three in 100 come about once in seventy days of each
    campaign, five hardly ever. Whoever sends much is judged by days alone: else a bad Monday would come back on a
    Saturday without messages.
    """
    def enough(window):
        return (f"{ratio('campaign', outcome, window)}\n"
                f"  and {increase('campaign', SENT, window)} >= {messages}\n"
                f"  and {increase('campaign', measure, window)} >= {events}")
    return f"campaign:outreach_{outcome}_per_sent:ratio_significant", (
        f"(\n  {enough('1d')}\n)\nor\n(\n  {enough('7d')}\n  unless {BUSIEST_DAY} >= {messages}\n)")


def usual_replies():
    """An account's replies as a share of the week before, where 30 or more were due: half as many is then no chance."""
    now, before = ratio("account", "replied", "7d"), f"{ratio('account', 'replied', '7d')} offset 7d"
    return "account:outreach_replied_per_sent:ratio_week_over_week", (
        f"{now}\n/\n({before} > 0)\n"
        f"and {increase('account', 'leads_replied', '7d')} offset 7d >= 30\n"
        f"and {increase('account', SENT, '7d')} * ({before}) >= 30")


def verdict_group():
    """Ratios that rest on enough messages: what the alerts compare with their thresholds."""
    return {"name": "outreach-verdicts", "interval": "1m", "rules": [
        significant("bounced", "messages_bounced", 100),
        significant("unsubscribed", "leads_unsubscribed", 500),
        usual_replies(),
    ]}


def counted(record, counter, window, without):
    """Events of the exporter's own counters, the first one included.

    `increase()` does not see the step from no series to 1. These counters begin with the exporter, so that a series
    which was not there when the window began counts in full.
    """
    return record, (f"sum without ({without}) (\n"
                    f"    increase({counter}[{window}]) > 0\n"
                    f"  or\n"
                    f"    last_over_time({counter}[{window}])\n"
                    f"    unless last_over_time({counter}[1h] offset {window})\n"
                    f")")


def incident_group():
    """What went wrong in the exporter's own work."""
    return {"name": "outreach-incidents", "interval": "1m", "rules": [
        counted("account:outreach_api_requests_refused:increase2h",
                'outreach_api_requests_total{code=~"401|402|403"}', "2h", "endpoint, code"),
        counted("account:outreach_counter_resets:increase1h",
                'outreach_collection_corrections_total{action="reset"}', "1h", "action"),
        counted("account:outreach_dropped_series:increase1h",
                "outreach_exporter_dropped_series_total", "1h", "reason"),
        counted("account:outreach_collections_skipped:increase1h",
                "outreach_collections_skipped_total", "1h", ""),
        counted("provider:outreach_unknown_values:increase1d",
                "outreach_exporter_unknown_values_total", "1d", ""),
        ("account:outreach_api_requests_throttled_per_requests:ratio_increase1h",
         'sum without (endpoint, code) (increase(outreach_api_requests_total{code="429"}[1h]))\n/\n'
         "(sum without (endpoint, code) (increase(outreach_api_requests_total[1h])) >= 20)"),
    ]}


def variant_group():
    """Variants against variant A of their step, over all their messages.

    Of n messages x were answered. Agresti and Caffo's interval for the difference of two shares: each share is taken as
    (x + 1) / (n + 2), which keeps 95 % also where answers are few; the textbook's is far too narrow there. Only
    steps with a variant B have series.
    """
    sent = f"outreach_step_{SENT}_total"
    rules = []
    for outcome in VARIANT_OUTCOMES:
        share = variants(outcome, "ratio_adjusted")
        variance = "{0} * (1 - {0}) / ({1} + 2)".format
        rules += [
            (share, f"(outreach_step_messages_{outcome}_total + 1) / ({sent} + 2)\n"
                    f'and ignoring (variant) {sent}{{variant="B"}}'),
            (variants(outcome, "difference"),
             f'{share}{{variant!="A"}}\n- ignoring (variant) group_left ()\n{share}{{variant="A"}}'),
            (variants(outcome, "difference_error"),
             f"""sqrt(\n  {variance(share + '{variant!="A"}', sent)}\n  + ignoring (variant) group_left ()\n"""
             f"""  {variance(share + '{variant="A"}', sent)}\n)"""),
        ]
    return {"name": "outreach-variants", "interval": "4m", "rules": rules}


def groups():
    """All groups. No interval reaches five minutes: Prometheus forgets a sample that is older than that."""
    return [
        state_group(),
        window_group("1h", "1m", of_campaigns=False),
        window_group("1d", "4m", of_campaigns=True),
        window_group("7d", "4m", of_campaigns=True),
        step_group(),
        variant_group(),
        verdict_group(),
        incident_group(),
    ]


def rendered():
    """The text of rules.yml."""
    lines = [HEADER + "groups:"]
    for group in groups():
        lines += [f"  - name: {group['name']}", f"    interval: {group['interval']}", "    rules:"]
        for record, expression in group["rules"]:
            lines += [f"      - record: {record}"]
            if "\n" in expression:
                lines += ["        expr: |"] + [f"          {line}" for line in expression.split("\n")]
            else:
                lines += [f"        expr: {expression}"]
    return "\n".join(lines) + "\n"
