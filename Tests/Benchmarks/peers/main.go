// SPDX-License-Identifier: Apache-2.0

// Serves the page of a file through the Go client library, as a vector per family.
package main

import (
	"log"
	"net/http"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
)

func names(metric *dto.Metric) []string {
	var names []string
	for _, pair := range metric.Label {
		names = append(names, pair.GetName())
	}
	return names
}

func labels(metric *dto.Metric) prometheus.Labels {
	labels := prometheus.Labels{}
	for _, pair := range metric.Label {
		labels[pair.GetName()] = pair.GetValue()
	}
	return labels
}

func register(registry *prometheus.Registry, family *dto.MetricFamily) {
	name, help, labelNames := family.GetName(), family.GetHelp(), names(family.Metric[0])
	if family.GetType() == dto.MetricType_COUNTER {
		vector := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labelNames)
		for _, metric := range family.Metric {
			vector.With(labels(metric)).Add(metric.Counter.GetValue())
		}
		registry.MustRegister(vector)
	} else {
		vector := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labelNames)
		for _, metric := range family.Metric {
			vector.With(labels(metric)).Set(metric.Gauge.GetValue())
		}
		registry.MustRegister(vector)
	}
}

func load(registry *prometheus.Registry, path string) {
	file, err := os.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	var parser expfmt.TextParser
	families, err := parser.TextToMetricFamilies(file)
	if err != nil {
		log.Fatal(err)
	}
	for _, family := range families {
		register(registry, family)
	}
}

func main() {
	registry := prometheus.NewRegistry()
	load(registry, os.Args[2])
	http.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
