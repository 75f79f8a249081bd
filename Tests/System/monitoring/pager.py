# SPDX-License-Identifier: Apache-2.0
"""Debian's Alertmanager with the shipped routes and inhibitions, and the pager that it notifies."""

import json
import re

import yaml

from harness import DASHBOARDS
from harness.local_server import LocalServer
from harness.program import Server, free_port


class Pager(LocalServer):
    """A webhook that keeps every notification: the receiver's name and the message."""

    def __init__(self):
        self.notifications = []
        super().__init__(self.notify)

    def notify(self, path, body):
        """Keeps a notification."""
        self.notifications.append((path.strip("/"), json.loads(body)))
        return b""

    def about(self, account):
        """The notifications about an account, in order: (receiver, alert, severity, fingerprint, status)."""
        return [(receiver, alert["labels"]["alertname"], alert["labels"]["severity"], alert["fingerprint"], alert["status"])
                for receiver, message in list(self.notifications) for alert in message["alerts"]
                if alert["labels"].get("account") == account]


def immediate(route):
    """A route that waits a second where the shipped one waits minutes."""
    return route | {"group_wait": "1s", "group_interval": "1s"} | (
        {"routes": [immediate(child) for child in route["routes"]]} if "routes" in route else {})


def hurried(route):
    """A route whose minutes are seconds."""
    def shorter(duration):
        seconds = sum(int(number) * {"d": 86_400, "h": 3600, "m": 60, "s": 1}[unit] for number, unit in re.findall(r"(\d+)([dhms])", duration))
        return f"{seconds * 1000 // 60}ms"
    return {key: shorter(value) if key in ["group_wait", "group_interval", "repeat_interval"]
            else [hurried(child) for child in value] if key == "routes" else value for key, value in route.items()}


class Alertmanager(Server):
    """An Alertmanager whose receivers all notify the pager, but for `nobody`; ready when it is made. `pace` changes the shipped routes."""

    def __init__(self, folder, pager, pace=immediate):
        shipped = yaml.safe_load((DASHBOARDS / "alertmanager/alertmanager.yml").read_text())
        shipped["route"] = pace(shipped["route"])
        for receiver in shipped["receivers"]:
            if receiver["name"] != "nobody":
                url = f"http://{pager.target}/{receiver['name']}"
                receiver["webhook_configs"] = [{"url": url, "send_resolved": True}]
        (folder / "alertmanager.yml").write_text(yaml.safe_dump(shipped))
        self.url = f"http://127.0.0.1:{free_port()}"
        super().__init__("prometheus-alertmanager", f"--config.file={folder}/alertmanager.yml",
                         f"--storage.path={folder}/alertmanager", f"--web.listen-address={self.target}",
                         "--cluster.listen-address=")
        self.ready()
