// SPDX-License-Identifier: Apache-2.0

/// The keys of the configuration file, each mapping's in the order of the documentation.
enum SettingsKeys {
    enum Root: String, CaseIterable {
        case collection, storage, limits, accounts
    }

    enum Collection: String, CaseIterable {
        case interval
        case maxStaleness = "max_staleness"
    }

    enum Storage: String, CaseIterable {
        case path
    }

    enum Limits: String, CaseIterable {
        case seriesPerAccount = "series_per_account"
        case labelValueLength = "label_value_length"
    }

    enum Account: String, CaseIterable {
        case name, provider
        case key = "api_key"
        case keyFile = "api_key_file"
        case baseURL = "base_url"
        case allowPlainHTTP = "allow_plain_http"
        case interval
        case maxStaleness = "max_staleness"
        case requestsPerSecond = "requests_per_second"
        case concurrency, timeout
        case startDate = "start_date"
        case campaigns, steps, mailboxes, domains
    }

    enum Campaigns: String, CaseIterable {
        case include, exclude, statuses, limit
    }
}
