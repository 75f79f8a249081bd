# SPDX-License-Identifier: Apache-2.0
"""What the kubelet makes of a pod's specification: volumes, a confined container, probes, an end by SIGTERM."""

import contextlib
import http.client
import os
import shutil
import ssl
import uuid
from pathlib import Path

import yaml

from engine import CONFINED, Container
from harness import ROOT
from harness.waiting import wait_for

MANIFEST = ROOT / "packaging/kubernetes/exporter/deployment.yaml"
# The API's default, which the manifest does not change.
GRACE_PERIOD = 30


class Volume:
    """A volume of a secret or a ConfigMap: links to files in `..data`, which is itself a link that is replaced at once."""

    def __init__(self, path, files, mode, group):
        self.path, self.mode, self.group = Path(path), mode, group
        self.path.mkdir(mode=0o755)
        self.replace(files)
        for name in files:
            (self.path / name).symlink_to(f"..data/{name}")

    def replace(self, files):
        """Puts other content in the place of all files, at one moment."""
        version = self.path / f"..{uuid.uuid4()}"
        version.mkdir(mode=0o755)
        for name, content in files.items():
            (version / name).write_text(content)
            os.chown(version / name, 0, self.group)
            (version / name).chmod(self.mode)
        before = self.path / "..data"
        old = before.resolve() if before.exists() else None
        (self.path / "..data_tmp").symlink_to(version.name)
        (self.path / "..data_tmp").rename(before)
        if old:
            shutil.rmtree(old)


class Pod:
    """The Deployment's pod on this machine: its specification, and the volumes that it names."""

    def __init__(self, folder, config, keys, **others):
        """Makes the volumes: `config` and `keys` are their files by name, and so is each of `others`, a secret by its path."""
        deployment = yaml.safe_load(MANIFEST.read_text())
        self.spec = deployment["spec"]["template"]["spec"]
        self.container = self.spec["containers"][0]
        security = self.spec["securityContext"]
        self.user, self.group = security["runAsUser"], security["runAsGroup"]
        assert security["runAsNonRoot"] and security["fsGroup"] == self.group
        mode = next(volume for volume in self.spec["volumes"] if volume["name"] == "keys")["secret"]["defaultMode"]
        self.config = Volume(folder / "config", config, 0o644, self.group)
        self.keys = Volume(folder / "keys", keys, mode, self.group)
        self.storage = folder / "storage"
        self.storage.mkdir()
        # What fsGroup does to a new volume.
        os.chown(self.storage, 0, self.group)
        self.storage.chmod(0o2775)
        self.mounts = {"config": self.config.path, "keys": self.keys.path, "storage": self.storage}
        self.others = {path: Volume(folder / path.strip("/").replace("/", "-"), files, mode, self.group)
                       for path, files in others.items()}

    def start(self, engine, image, *flags, limited=True):
        """Starts the container of the pod, with further flags of the program."""
        context = self.container["securityContext"]
        assert context["readOnlyRootFilesystem"] and context["capabilities"] == {"drop": ["ALL"]}
        assert context["allowPrivilegeEscalation"] is False
        options = [*CONFINED, f"--user={self.user}:{self.group}", f"--group-add={self.group}"]
        if limited:
            options.append(f"--memory={self.container['resources']['limits']['memory'].removesuffix('i').lower()}")
        for mount in self.container["volumeMounts"]:
            access = "ro" if mount.get("readOnly") else "rw"
            options.append(f"--volume={self.mounts[mount['name']]}:{mount['mountPath']}:{access}")
        options += [f"--volume={volume.path}:{path}:ro" for path, volume in self.others.items()]
        return Container(engine, image, *self.container["args"], *flags, options=options)

    def probe(self, kind, encrypted=False):
        """Sends a probe of the manifest once, without a password and without a look at the certificate, as the kubelet does;
        returns whether it passes."""
        probe = self.container[kind]
        port = next(port["containerPort"] for port in self.container["ports"] if port["name"] == probe["httpGet"]["port"])
        options = {"timeout": probe["timeoutSeconds"]}
        if encrypted:
            options["context"] = ssl.create_default_context()
            options["context"].check_hostname = False
            options["context"].verify_mode = ssl.CERT_NONE
        kind = http.client.HTTPSConnection if encrypted else http.client.HTTPConnection
        with contextlib.closing(kind("127.0.0.1", port, **options)) as connection:
            try:
                connection.request("GET", probe["httpGet"]["path"])
                return 200 <= connection.getresponse().status < 400
            except (OSError, http.client.HTTPException):
                return False

    def wait_until_ready(self, container, **options):
        """Waits until the readiness probe passes, then sends the other."""
        wait_for(lambda: self.probe("readinessProbe", **options), lambda: f"ready:\n{container.log[-3000:]}")
        assert self.probe("livenessProbe", **options)
