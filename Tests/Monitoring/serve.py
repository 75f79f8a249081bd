# SPDX-License-Identifier: Apache-2.0
"""Starts the made-up exporter and a Prometheus that scrapes it, for drawing the dashboards. Ends on SIGINT or SIGTERM."""

import pathlib
import signal
import sys
import tempfile

from stack import Exporter, Prometheus

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        prometheus = Prometheus(pathlib.Path(directory), Exporter().target, sys.argv[1] if sys.argv[1:] else 9090)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM])
        print(prometheus.url, flush=True)
        signal.sigwait([signal.SIGINT, signal.SIGTERM])
        prometheus.stop()
