# SPDX-License-Identifier: Apache-2.0
"""What all dashboards share: variables, links, annotations and the grid."""

from .identity import INFO
from .panels import DATASOURCE
from .query import ACCOUNT, EXPORTER, select

WIDTH = 24


def query_variable(name, label, query, multi=True, regex="", every=".+"):
    """A variable whose values come from Prometheus, read again whenever the time range changes.

    `every` matches whatever there is; without it "All" is all of the values that other variables leave.
    """
    every = {"includeAll": True, "current": {"selected": True, "text": ["All"], "value": ["$__all"]}} | ({"allValue": every} if every else {})
    return {"name": name, "label": label, "type": "query", "datasource": DATASOURCE, "multi": multi, "refresh": 2,
            "query": {"query": query, "refId": "PrometheusVariableQueryEditor-VariableQuery", "qryType": 5 if regex else 1},
            "regex": regex, "sort": 1, "hide": 0, "skipUrlSync": False, "options": [],
            } | (every if multi else {"includeAll": False, "current": {}})


def datasource_variable():
    """Which Prometheus is asked."""
    return {"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus", "regex": "",
            "multi": False, "includeAll": False, "refresh": 1, "hide": 0, "skipUrlSync": False, "options": [],
            "current": {}}


def choice(name, label, values, default):
    """A variable with fixed values: `{text: value}`."""
    options = [{"text": text, "value": value, "selected": text == default} for text, value in values.items()]
    return {"name": name, "label": label, "type": "custom", "multi": False, "includeAll": False, "hide": 0,
            "skipUrlSync": False, "query": ", ".join(f"{text} : {value}" for text, value in values.items()),
            "options": options, "current": next(option for option in options if option["selected"])}


def client_variables(multi=True):
    """Client and account, where there are no clients too: an account without one has an empty client."""
    return [
        query_variable("client", "Client", f"label_values({INFO}, client)", every=".*"),
        query_variable("account", "Account", f'label_values({INFO}{{provider=~"$provider", client=~"$client"}}, account)', multi, every=None),
    ]


def account_variables(multi=True):
    """Data source, provider, client, account: what an account is does not depend on who tells it.

    One account where a campaign is chosen: some providers count their campaigns from 1.
    """
    return [
        datasource_variable(),
        query_variable("provider", "Provider", f"label_values({INFO}, provider)"),
        *client_variables(multi),
    ]


def exporter_variables():
    """Data source, job, instance, provider, client, account."""
    return [
        datasource_variable(),
        query_variable("job", "job", "label_values(outreach_exporter_build_info, job)"),
        query_variable("instance", "instance", 'label_values(outreach_exporter_build_info{job=~"$job"}, instance)'),
        query_variable("provider", "Provider", f"label_values({select('outreach_account_up', EXPORTER)}, provider)"),
        *client_variables(),
    ]


def campaign_variable(condition=""):
    """One campaign: its id is the value, its name and account are what people choose.

    The id is shown where two campaigns of an account have one name. A name may hold quotes and line breaks.
    """
    campaigns = (f"max by (account, campaign, name) "
                 f"({select('campaign:outreach_campaign_info:last10m', ACCOUNT)}{condition})")
    namesakes = f"({campaigns} and on (account, name) count by (account, name) ({campaigns}) > 1)"

    def text(expression, *labels):
        return f"""label_join({expression}, "name", " · ", {', '.join(f'"{label}"' for label in labels)})"""
    query = (f"query_result({text(namesakes, 'name', 'account', 'campaign')} or on (account, campaign) "
             f"{text(campaigns, 'name', 'account')})")
    return query_variable("campaign", "Campaign", query, multi=False,
                          regex='/campaign="(?<value>[^"]+)", *name="(?<text>[\\s\\S]*)"}/')


def annotations():
    """When alerts fired."""
    return {"list": [
        {"builtIn": 1, "datasource": {"type": "grafana", "uid": "-- Grafana --"}, "enable": True, "hide": True,
         "iconColor": "rgba(0, 211, 255, 1)", "name": "Annotations & Alerts", "type": "dashboard"},
        {"datasource": DATASOURCE, "enable": True, "hide": False, "iconColor": "red", "name": "Alerts", "step": "60s",
         "expr": 'ALERTS{alertname=~"Outreach.+", alertstate="firing", severity!="info", account=~"$account|"}',
         "titleFormat": "{{alertname}}", "textFormat": "{{account}} {{campaign}}{{mailbox}}{{domain}}", "tagKeys": "severity"},
    ]}


def laid_out(rows):
    """Panels with their places: each row is its height and its panels, side by side, of equal or given widths."""
    panels, y = [], 0
    for height, entries in rows:
        given = [entry if isinstance(entry, tuple) else (WIDTH // len(entries), entry) for entry in entries]
        x = 0
        for width, entry in given:
            panels.append({"id": len(panels) + 1} | entry | {"gridPos": {"x": x, "y": y, "w": width, "h": height}})
            x += width
        y += height
    return panels


def dashboard(name, title, description, variables, rows, since="now-7d"):
    """A whole dashboard in the classic format."""
    return {
        "uid": f"outreach-{name}", "id": None, "title": f"Outreach / {title}", "description": description,
        "tags": ["outreach"], "editable": False, "graphTooltip": 1, "schemaVersion": 39,
        "timezone": "browser", "refresh": "1m", "time": {"from": since, "to": "now"}, "timepicker": {},
        "fiscalYearStartMonth": 0, "liveNow": False, "weekStart": "", "annotations": annotations(),
        "links": [{"title": "Outreach", "type": "dashboards", "tags": ["outreach"], "asDropdown": False, "icon": "dashboard",
                   "includeVars": True, "keepTime": True, "targetBlank": False, "tooltip": "", "url": ""}],
        "templating": {"list": variables}, "panels": laid_out(rows),
    }
