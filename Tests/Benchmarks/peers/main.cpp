// SPDX-License-Identifier: Apache-2.0

// Serves the page of a file through prometheus-cpp, as families of constant metrics.
#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>

#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

class Page : public prometheus::Collectable {
public:
    explicit Page(const std::string &path) {
        std::ifstream file(path);
        for (std::string line; std::getline(file, line);) {
            if (line.rfind("# HELP ", 0) == 0) open(line.substr(7));
            else if (line.rfind("# TYPE ", 0) == 0) setType(line.substr(line.rfind(' ') + 1));
            else if (!line.empty()) add(line);
        }
    }

    std::vector<MetricFamily> Collect() const override { return families; }

private:
    std::vector<MetricFamily> families;

    void open(const std::string &text) {
        auto space = text.find(' ');
        families.emplace_back();
        families.back().name = text.substr(0, space);
        families.back().help = text.substr(space + 1);
    }

    void setType(const std::string &type) {
        families.back().type = type == "counter" ? MetricType::Counter : MetricType::Gauge;
    }

    void add(const std::string &line) {
        ClientMetric metric;
        auto brace = line.find('{');
        auto value = line.rfind(' ');
        for (auto at = brace; at != std::string::npos && line[at] != '}';) {
            auto equals = line.find('=', at);
            auto end = equals + 2;
            std::string text;
            for (; line[end] != '"'; end++) {
                if (line[end] == '\\') end++;
                text += line[end];
            }
            metric.label.push_back({line.substr(at + 1, equals - at - 1), text});
            at = end + 1;
        }
        auto number = std::stod(line.substr(value + 1));
        if (families.back().type == MetricType::Counter) metric.counter.value = number;
        else metric.gauge.value = number;
        families.back().metric.push_back(std::move(metric));
    }
};

int main(int, char **arguments) {
    prometheus::Exposer exposer("127.0.0.1:" + std::string(arguments[1]));
    auto page = std::make_shared<Page>(arguments[2]);
    exposer.RegisterCollectable(page);
    pause();
}
