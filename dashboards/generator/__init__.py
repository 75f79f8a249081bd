# SPDX-License-Identifier: Apache-2.0
"""Writes the recording rules and the Grafana dashboards: one vocabulary, used by both."""
