# SPDX-License-Identifier: Apache-2.0
"""What Prometheus scrapes of the agency, one sample per step: the series that alerts read, in promtool's notation."""

from itertools import accumulate

from monitoring.variations import GAP, written
from quality.agency import MAILBOXES, OF_MAILBOX, TELLS_STATE
from quality.campaigns import MEASURES
from quality.workdays import HOURS

STALE = "stale"
# A provider that counts leads by status has no total of leads contacted.
BY_STATUS = {"sendkit": "pending"}


class Scrapes:
    """The moments at which everything is scraped, and what happened to the scrapes themselves."""

    def __init__(self, step, outages, replacements):
        """`step` in minutes; outages as of `agency.outages`, replacements of the pod in hours."""
        self.step, self.count = step, HOURS * 60 // step
        self.outages = outages
        self.pods = [0, *(self.index(hour) for hour in replacements), self.count]

    def index(self, hour):
        """The first scrape at an hour or after it."""
        return -(-int(hour * 60) // self.step)

    def sampled(self, per_hour):
        """What a list of values per hour is at each scrape: the state after the hours before."""
        return [per_hour[max(0, index * self.step // 60 - 1)] for index in range(self.count)]

    def totals(self, events):
        """A counter at each scrape."""
        return self.sampled(list(accumulate(events[hour] for hour in range(HOURS))))

    def steps(self, changes, begin, end):
        """A gauge that changes at some hours [(hour, value)], known from one hour to before another."""
        values = [None] * self.count
        for (hour, value), (following, _) in zip(changes, [*changes[1:], (end, None)]):
            first, last = max(self.index(hour), self.index(begin)), min(self.index(min(following, end)), self.count)
            values[first:last] = [value] * max(0, last - first)
        return values

    def known(self, values, account):
        """Values without those that were not scraped because the provider did not answer."""
        for begin, end, concerns in self.outages:
            if concerns(account):
                first, last = self.index(begin), min(self.index(end), self.count)
                values[first:last] = [None] * max(0, last - first)
        return values

    def series(self, name, labels, values):
        """A series as each pod in turn exposes it. Nothing for a pod that never does."""
        for pod, (begin, end) in enumerate(zip(self.pods, self.pods[1:])):
            part = values[begin:end]
            if all(value is None for value in part):
                continue
            text = [GAP] * begin
            for index, value in enumerate([*part, None]):
                ended = value is None and index and part[index - 1] is not None
                text.append(STALE if ended else GAP if value is None else float(value))
            while text[-1] == GAP:
                text.pop()
            all_labels = {"job": "outreach", "instance": f"pod-{pod}"} | labels
            pairs = ",".join(f'{key}="{value}"' for key, value in all_labels.items())
            yield f"{name}{{{pairs}}}", written(text)


def served(values, restatements, index):
    """A counter as the exporter serves it while the provider tells less: held, or fallen by more than half."""
    for begin, end, share in restatements:
        first, last = index(begin), min(index(end), len(values))
        told = [None if value is None else int(value * share) for value in values[first:last]]
        before = values[first - 1] if 0 < first <= last else None
        if before is None:
            continue
        values[first:last] = [value if value is None or value * 2 < before else max(value, before) for value in told]
    return values


def of_campaign(scrapes, account, campaign):
    """The series of a campaign from its first day to the one on which it is gone."""
    labels = {"provider": account.provider, "account": account.name, "campaign": campaign.id}
    begin, end = 24 * campaign.begin, 24 * campaign.gone
    alive = scrapes.steps([(begin, 1)], begin, end)

    def known(values):
        return scrapes.known([value if there else None for value, there in zip(values, alive)], account)

    leads = known(scrapes.steps(campaign.lead_changes, begin, end))
    yield "outreach_campaign_leads", labels, leads
    for measure in MEASURES:
        values = known(scrapes.totals(campaign.events[measure]))
        values = served(values, campaign.restated.get(measure, []), scrapes.index)
        if measure == "leads_contacted" and account.provider in BY_STATUS:
            waiting = [None if total is None else total - done for total, done in zip(leads, values)]
            yield "outreach_campaign_leads_by_status", labels | {"lead_status": BY_STATUS[account.provider]}, waiting
            continue
        yield f"outreach_campaign_{measure}_total", labels, values
    yield from states(scrapes, campaign, labels, known)


def states(scrapes, campaign, labels, known):
    """The campaign's status, and why it does not send."""
    begin, end = 24 * campaign.begin, 24 * campaign.gone
    names = scrapes.steps(campaign.states, begin, end)
    for name in {name for _, name in campaign.states}:
        yield "outreach_campaign_status", labels | {"status": name}, known([1 if one == name else None for one in names])
    if campaign.account.provider in TELLS_STATE:
        for first, last in campaign.stuck:
            # The provider is asked after an hour in which the campaign should have sent.
            values = scrapes.steps([(24 * first + 11, 1)], 24 * first, 24 * last + 9)
            yield "outreach_campaign_sending_state", labels | {"state": "no_accounts_available"}, known(values)


def of_domain(scrapes, account, domain):
    """The series of a domain's mailboxes, each of which does its share."""
    for number in range(MAILBOXES):
        labels = {"provider": account.provider, "account": account.name, "mailbox": f"{number}@{domain.name}"}
        yield "outreach_mailbox_info", labels | {"domain": domain.name, "mailbox_service": "google"}, \
            scrapes.known([1] * scrapes.count, account)
        for measure in OF_MAILBOX:
            values = [(value + number) // MAILBOXES for value in scrapes.totals(domain.events[measure])]
            yield f"outreach_mailbox_{measure}_total", labels, scrapes.known(values, account)


def of_account(scrapes, account):
    """All series of an account, as pairs of a selector and values."""
    labels = {"provider": account.provider, "account": account.name}
    up = scrapes.known([1] * scrapes.count, account)
    everything = [("outreach_account_up", labels, [1 if value else 0 for value in up])]
    for campaign in account.campaigns:
        everything += of_campaign(scrapes, account, campaign)
    for domain in account.domains:
        everything += of_domain(scrapes, account, domain)
    for sender in account.senders:
        everything += sender.series(scrapes)
    for name, named, values in everything:
        yield from scrapes.series(name, named, values)
