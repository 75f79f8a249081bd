# SPDX-License-Identifier: Apache-2.0
"""Everything that a site may want to change: generated into rules, alerts, dashboards, configuration and documentation."""

# The name of the scrape job in prometheus.yml.
JOB = "outreach"

# Labels of the scrape that tell accounts of the same name apart, for instance ("environment",). All others are dropped.
FURTHER_LABELS = ()

# Where the texts of alerts link to.
RUNBOOK = "https://github.com/outreach-exporter/outreach-exporter/blob/main/docs/runbook.md"
GRAFANA = "http://127.0.0.1:3000"

# How long the last sample of a series stands for the present: two scrapes of five minutes.
MEMORY = "10m"
# How old the newest sample of a healthy exporter may be, in seconds: a scrape of five minutes.
SCRAPE_SLACK = 300

# Limits as (warning, critical), with their sources; docs/dashboards.md has the same table for readers.
# AWS SES recommends less than 2 %, Woodpecker and Instantly pause at about that. Operators of cold outreach act at 3 %, below the
# 5 % at which SES reviews an account.
BOUNCED = (0.02, 0.03)
# Advice of the field is below 0.5 %; twice and six times that are this project's choice.
UNSUBSCRIBED = (0.01, 0.03)
# Published for seed tests of inbox placement. Ours is the placement of warm-up messages, which mailboxes of a pool take out of spam.
SPAM = (0.15, 0.3)
# Replies per message of a sending domain in a week, and the messages that allow to say so: a rule of the field.
DOMAIN_REPLIED = 0.01
DOMAIN_SENT = 200
# In collection intervals. Prometheus's own advice on batch jobs: leave room for two full runs.
AGE = (2.5, 3)
# Shares of the interval and of the requests: this project's choice.
DURATION = (0.8, 1)
THROTTLED = (0.05, 0.2)
# A week's replies less than the week before, as a share: operators look for the reason from here on.
REPLIES_LOST = 0.3
HEALTH_LOSS = 0.1
# Working days before a campaign's leads run out.
RUNWAY_DAYS = 3
# The share of the days with new contacts on which a campaign that is filled daily got leads: days that end at noon count each twice.
FILLED_DAILY = 0.5
# The share of what a plan allows from which on somebody should know: this project's choice.
PLAN_USED = 0.9
INCOMPLETE = 0.1

# Bounces and unsubscribes: events that must have happened, and the confidence of the lower bound in standard deviations.
EVENTS = 5
CONFIDENCE = 3
# A campaign or account that sends this much on a day of the week is judged by days alone.
BUSY = 100
# The words of all providers for mailboxes that cannot send, as a regular expression.
CANNOT_SEND = "(.+_)?error|(dis|not_)connected|(.+_)?failed|suspended"
# And for those that are not meant to send now.
IDLE = "paused|pending_move|maintenance"
# And for a warm-up that runs, or has run to its end: every other one is paused.
WARMS_UP = "active|enabled|in_progress|completed"
# Words for campaigns that stand still and go on by themselves, or whose status or leads say why, as a regular expression.
GOES_ON = "healthy|out_of_schedule|waiting_for_leads|.+_limit_met|domain_limit_reached|follow_up_delay_not_met|campaign_(paused|draft|completed|running_.+)"
# Measures that a campaign has only while it stands still, as a regular expression: they are gone when it sends again.
OF_STANDSTILL = "outreach_campaign_(sending_state|mailboxes|messages_sent_today|leads_waiting)"
# Spam placement: warm-up messages that must have landed.
LANDED = 20

# Replies: mean delay after the message in days, expected replies that allow a verdict, and per severity the share of the
# expected that is too little and the improbability of that by chance, in standard deviations (1 in 740; 1 in 32,000).
REPLY_DELAY = 1.5
REPLIES_EXPECTED = 10
REPLIES_LOST_DEVIATIONS = 3.3
DROUGHT = ((0.67, 3), (0.33, 4))
# From so many accounts on, what happens to many of them at once is the calendar's doing; and how many that are.
COMPARABLE = 4
MANY = 0.3
# Expected replies from which on an account counts among them, and the share of its own expectation that is left to each at least.
REPLIES_COMPARABLE = 5
REPLIES_USUAL = 0.4
# Bounces and unsubscribes come within this mean delay in days, most of them at once.
REACTION_DELAY = 1.5

# A/B: the chance of a verdict without a difference, the effect that the test is tuned to (as a share of messages), and the
# the messages per variant and answers per step below which nothing is said.
FALSE_VERDICTS = 0.05
TUNED_EFFECT = 0.02
VARIANT_MESSAGES = 100
