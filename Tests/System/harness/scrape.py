# SPDX-License-Identifier: Apache-2.0
"""Requests to a server, and the samples of a page in Prometheus's text format."""

import gzip
import json
import re
import urllib.request


def fetch(url, timeout=10, **headers):
    """The body of an answer, over a connection of its own; raises `OSError` if it is not 2xx."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=timeout) as answer:
        return answer.read()


def post(url, body, **headers):
    """Sends bytes, or anything else as JSON; returns the body of the answer."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"} | headers
    with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
        return answer.read()


def scrape(server, timeout=20):
    """A server's page of metrics, asked for with gzip as Prometheus does."""
    return gzip.decompress(fetch(f"{server.url}/metrics", timeout, **{"Accept-Encoding": "gzip"})).decode()


def samples(page, name=r"[a-zA-Z_:][\w:]*"):
    """Name, labels and value of each sample whose name matches a pattern."""
    for found, labels, value in re.findall(rf"^({name})(?:\{{(.*)\}})? (\S+)$", page, re.M):
        pairs = re.findall(r'(\w+)="((?:\\.|[^"\\])*)"', labels)
        yield found, {key: unescaped(text) for key, text in pairs}, float(value)


def values(page, name, **labels):
    """The values of a name's samples that have these labels."""
    return [value for _, found, value in samples(page, name) if labels.items() <= found.items()]


def unescaped(text):
    """A label's value without the escapes of the text format."""
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], text)
