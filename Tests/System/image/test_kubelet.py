# SPDX-License-Identifier: Apache-2.0
"""The Deployment's pod of the built image, under a test that does what the kubelet does."""

import subprocess
import time

import pytest

from engine import Container
from harness.scrape import fetch, values
from harness.waiting import wait_for
from kubelet import GRACE_PERIOD, Pod

URL = "http://127.0.0.1:10447"
SENT = "outreach_campaign_messages_sent_total"
WEB = "/etc/outreach-exporter-web"
# Of the password pa55, with the least cost.
HASH = "$2b$05$jmf.PX9HFzJzAXj44ZGb.OS5QP/TbXcxVyNlcuSYLbRi2Lzr5H6Iy"


def configuration(provider, *names):
    """The ConfigMap: accounts whose keys are the secret's."""
    accounts = "".join(
        f"  - {{name: {name}, provider: sendkit, api_key_file: /run/secrets/outreach-exporter/key, "
        f"base_url: '{provider.url}', interval: 1s, max_staleness: 10m, mailboxes: false}}\n" for name in names)
    return {"config.yml": f"storage: {{path: /var/lib/outreach-exporter}}\naccounts:\n{accounts}"}


@pytest.fixture
def pod(tmp_path, provider):
    """The pod, with one account."""
    tmp_path.chmod(0o755)
    return Pod(tmp_path, configuration(provider, "a"), {"key": "sk_one"})


def page():
    """The page of metrics."""
    return fetch(f"{URL}/metrics").decode()


def value(name, account="a"):
    """The value of a metric of an account, 0 as long as there is none."""
    return (values(page(), name, account=account) or [0])[0]


def test_a_new_key_and_a_new_configuration_without_a_restart(engine, image, pod, provider, limits_memory):
    with pod.start(engine, image, limited=limits_memory) as container:
        pod.wait_until_ready(container)
        process = container.pid
        wait_for(lambda: value(SENT) == 150, "the total")
        # The provider takes both keys for a while, as whoever rotates them sees to.
        provider.keys = {"sk_one", "sk_two"}
        pod.keys.replace({"key": "sk_two"})
        container.line('msg="another API key is used"')
        provider.keys = {"sk_two"}
        collections = value("outreach_collections_total")
        wait_for(lambda: value("outreach_collections_total") > collections + 1, "two more collections")
        assert value("outreach_account_up") == 1 and value("outreach_collection_failures_total") == 0
        pod.config.replace(configuration(provider, "a", "b"))
        subprocess.run(["curl", "-fsS", "-X", "POST", f"{URL}/-/reload"], check=True)
        wait_for(lambda: value("outreach_account_up", "b") == 1, "the second account")
        assert pod.probe("livenessProbe") and container.pid == process


def test_its_limits_are_those_of_the_manifest(engine, image, pod, limits_memory):
    if not limits_memory:
        pytest.skip("this machine gives podman no control group that limits memory")
    with pod.start(engine, image) as container:
        pod.wait_until_ready(container)
        limits = container.execute("cat", "/proc/1/limits")[1]
        assert [line.split()[3:5] for line in limits.splitlines() if line.startswith("Max open files")] == [["1024", "1024"]]
        groups = container.execute("cat", "/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory.max")[1]
        assert str(256 << 20) in groups.split()
        status = container.execute("cat", "/proc/1/status")[1]
        found = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        assert found["Uid"].split() == found["Gid"].split() == ["10447"] * 4
        assert int(found["CapEff"], 16) == int(found["CapPrm"], 16) == 0 and found["NoNewPrivs"] == "1"
        print(f"\nresident memory: {int(found['VmRSS'].split()[0]) / 1e3:.0f} MB, peak {int(found['VmHWM'].split()[0]) / 1e3:.0f} MB")


def test_sigterm_during_a_collection_and_a_new_pod_on_the_same_volume(engine, image, pod, provider, limits_memory):
    with pod.start(engine, image, limited=limits_memory) as container:
        pod.wait_until_ready(container)
        wait_for(lambda: value(SENT) == 150, "the total")
        before = page()
        provider.open.clear()
        provider.asked.clear()
        provider.sent = 151
        assert provider.asked.wait(60), "no further collection"
        status, seconds = container.stop(GRACE_PERIOD)
        print(f"\nended {seconds:.2f} s after SIGTERM, during a collection")
        assert status == 0 and seconds < GRACE_PERIOD
    # The next pod starts while the provider accepts no key.
    provider.keys = set()
    provider.open.set()
    with pod.start(engine, image, limited=limits_memory) as container:
        pod.wait_until_ready(container)
        container.line("data of an earlier run restored")
        assert value(SENT) == 150 == (values(before, SENT, account="a") or [0])[0]
        assert container.stop(GRACE_PERIOD)[0] == 0


def test_tls_and_a_password(engine, image, tmp_path, provider, limits_memory):
    tmp_path.chmod(0o755)
    certificate(tmp_path)
    web = ("tls_server_config: {cert_file: tls.crt, key_file: tls.key}\n"
           f"basic_auth_users: {{prometheus: '{HASH}'}}\n")
    files = {"web.yml": web, "tls.crt": (tmp_path / "tls.crt").read_text(), "tls.key": (tmp_path / "tls.key").read_text()}
    pod = Pod(tmp_path, configuration(provider, "a"), {"key": "sk_one"}, **{WEB: files})
    with pod.start(engine, image, f"--web.config.file={WEB}/web.yml", limited=limits_memory) as container:
        pod.wait_until_ready(container, encrypted=True)
        assert container.is_healthy()
        assert not pod.probe("livenessProbe")
        scrape = ["curl", "--silent", "--output", tmp_path / "page", "--write-out", "%{http_code}", "--cacert",
                  tmp_path / "tls.crt", "https://localhost:10447/metrics"]
        asked = [subprocess.run([*scrape, *more], capture_output=True, text=True).stdout
                 for more in [[], ["--user", "prometheus:pa55"]]]
        assert asked == ["401", "200"] and SENT in (tmp_path / "page").read_text()
        # A renewed certificate is used without a restart.
        old = files["tls.crt"]
        certificate(tmp_path)
        renewed = files | {"tls.crt": (tmp_path / "tls.crt").read_text(), "tls.key": (tmp_path / "tls.key").read_text()}
        assert renewed["tls.crt"] != old
        pod.others[WEB].replace(renewed)
        wait_for(lambda: subprocess.run([*scrape, "--user", "prometheus:pa55"], capture_output=True, text=True).stdout == "200",
                 "the renewed certificate")
        assert container.is_healthy()


def test_a_pod_that_is_not_ready_lives(engine, image, pod, provider, limits_memory):
    provider.open.clear()
    with pod.start(engine, image, limited=limits_memory) as container:
        wait_for(lambda: pod.probe("livenessProbe"), lambda: f"alive:\n{container.log[-3000:]}")
        assert provider.asked.wait(60) and not pod.probe("readinessProbe")
        provider.open.set()
        pod.wait_until_ready(container)


def certificate(folder):
    """Makes a certificate for localhost, signed by itself."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "tls.key",
                    "-out", folder / "tls.crt"], check=True, capture_output=True)
