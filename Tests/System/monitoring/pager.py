# SPDX-License-Identifier: Apache-2.0
"""A real Alertmanager with the shipped routes and inhibitions, and the pager behind it."""

import http.server
import json
import threading

import yaml

from stack import DASHBOARDS, Program, free_port


class Pager:
    """Hears every notification of every receiver."""

    def __init__(self):
        self.heard = []
        heard = self.heard

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                heard.append((self.path.strip("/"), json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def about(self, account):
        """What was heard of an account's alerts, in order: (receiver, name, severity, fingerprint, status)."""
        return [(receiver, alert["labels"]["alertname"], alert["labels"]["severity"], alert["fingerprint"], alert["status"])
                for receiver, message in list(self.heard) for alert in message["alerts"]
                if alert["labels"].get("account") == account]

    def stop(self):
        """Hangs up."""
        self.server.shutdown()


def hurried(route):
    """A route that waits seconds where the shipped one waits minutes."""
    return route | {"group_wait": "1s", "group_interval": "1s"} | (
        {"routes": [hurried(child) for child in route["routes"]]} if "routes" in route else {})


class Alertmanager(Program):
    """Debian's Alertmanager with the shipped configuration and the pager in every receiver that people read."""

    def __init__(self, directory, pager):
        shipped = yaml.safe_load((DASHBOARDS / "alertmanager/alertmanager.yml").read_text())
        shipped["route"] = hurried(shipped["route"])
        for receiver in shipped["receivers"]:
            if receiver["name"] != "nobody":
                receiver["webhook_configs"] = [{"url": f"{pager.url}/{receiver['name']}", "send_resolved": True}]
        (directory / "alertmanager.yml").write_text(yaml.safe_dump(shipped))
        self.target = f"127.0.0.1:{free_port()}"
        super().__init__(directory / "alertmanager.log", "prometheus-alertmanager",
                         f"--config.file={directory}/alertmanager.yml", f"--storage.path={directory}/alertmanager",
                         f"--web.listen-address={self.target}", "--cluster.listen-address=")
        self.answers(f"http://{self.target}")
