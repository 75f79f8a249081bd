# SPDX-License-Identifier: Apache-2.0
"""What system tests and benchmarks share: the programs they start, their pages, a Prometheus."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DASHBOARDS = ROOT / "dashboards"
