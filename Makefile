# SPDX-License-Identifier: Apache-2.0
# One name for each documented command. Those that need a release build make it first.

# How long each subject is fuzzed, in seconds.
SECONDS ?= 600
INSTALL := apt-get install -y --no-install-recommends
PYTHON := PYTHONPATH=.build/python /usr/bin/python3

.DEFAULT_GOAL := help
.PHONY: $(shell awk -F : '/^[a-z-]+:/ { print $$1 }' $(MAKEFILE_LIST))

help: ## prints these lines
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

check: ## the gate before a merge, on a clean Debian 12 with the Swift toolchain
	.ci/run

format: ## formats the Swift sources
	swift format --in-place --recursive Package.swift Sources Tests

test: ## unit, integration and end-to-end tests
	swift test

browser: ## the status page and attacks on it in Debian's Chromium, which this installs
	$(INSTALL) chromium
	CI=true swift test --filter 'StatusPageInBrowserTests|BrowserSecurityTests'

fuzz: ## libFuzzer on everything that takes bytes, SECONDS for each subject
	.ci/fuzz $(SECONDS)

asan: ## the tests under the address sanitizer
	ASAN_OPTIONS=detect_leaks=0:suppressions=$(CURDIR)/.ci/asan.supp \
	    swift test --sanitize=address --scratch-path .build/asan --skip 'EndToEndTests|IntegrationTests'

tsan: ## the tests of targets with locks under the thread sanitizer
	swift test --sanitize=thread --scratch-path .build/tsan \
	    --filter 'HTTPServerTests|HTTPClientTests|CollectionTests|ExpositionTests|WebConfigTests|OutreachExporterTests'

crash: ## kills the exporter three hundred times under load
	OUTREACH_LONG_TESTS=1 swift test --filter CrashTests

soak: ## fifty accounts with 200 campaigns for 20 hours of virtual time; every fault in every phase
	OUTREACH_SOAK=1 swift test -c release -Xswiftc -enable-testing --filter 'SoakTests|EffortTests|FaultMatrixTests'

release:
	swift build -c release --product outreach-exporter

debug:
	swift build --product outreach-exporter

resilience: release ## attack load, hostile providers, disk faults, clock steps, resource limits; as root
	Tests/System/resilience/run

monitoring: debug ## dashboards, rules and alerts, up to the notification
	.ci/monitoring

alert-quality: ## precision and recall of the alerts in a simulated year of an agency
	Tests/System/quality/run --details

dashboards-pictures: debug ## the dashboards as pictures, of a week of simulated campaigns, in 35 minutes
	$(PYTHON) -m pip install --quiet --target .build/python matplotlib
	$(PYTHON) Tests/System/monitoring/draw.py

packages: ## a release in dist/, tried in Debian 12 and 13 and Ubuntu 24.04 under systemd; as root
	scripts/release-tools image
	$(INSTALL) debootstrap systemd-container
	PYTHONPATH=.build/python scripts/release
	.ci/packaging .build/static-release/release/outreach-exporter --long
	Tests/System/packaging/roots dist/*.deb --alert
	$(INSTALL) curl iproute2 openssl podman python3-pytest python3-yaml runc
	Tests/System/image/run --archive dist/*-oci-*.tar

image: ## the image by podman and the Dockerfile, under a test that plays the kubelet; as root; OPTIONS for podman build
	$(INSTALL) curl iproute2 openssl podman python3-pytest python3-yaml runc
	Tests/System/image/run --build $(OPTIONS)

backfill: release ## past and present as one series in a real Prometheus; a year of 1,000 campaigns
	Tests/System/backfill/joint
	Tests/System/backfill/fleet

bench-render: ## rendering and compression inside the process
	swift run -c release Benchmarks

bench-scale: release ## fifty accounts with 200 campaigns each: time, memory
	Tests/Benchmarks/scale

bench-day: release ## processor seconds of a day: collecting, building, scraping; eight minutes
	Tests/Benchmarks/day

bench-tls: release ## what TLS and a password add to a scrape
	Tests/Benchmarks/tls

bench-peers: release ## scrapes beside client libraries and nginx, which this installs
	$(INSTALL) golang-go golang-github-prometheus-client-golang-dev prometheus-cpp-dev g++ python3-prometheus-client \
	    nginx-light wrk
	Tests/Benchmarks/peers/run
