// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

/// What the simulated providers themselves count between two days, asked for campaign by campaign.
struct Truth {
    let simulator: SimulatedProviders

    /// Where the messages sent by the campaigns of a vector differ from what their providers say.
    func mistakes(in vector: PrometheusServer.Vector, from start: Int, to end: Int) async throws -> [String] {
        var mistakes = vector.isEmpty ? ["no campaign at all"] : []
        for (labels, value) in vector {
            let expected = try await sent(labels["provider"] ?? "", labels["campaign"] ?? "", start, end)
            if Int(value.rounded()) != expected { mistakes.append("\(labels): \(value) for \(expected)") }
        }
        return mistakes
    }

    private func sent(_ provider: String, _ campaign: String, _ start: Int, _ end: Int) async throws -> Int {
        let dates = [start, end].map { Date(timeIntervalSince1970: Double($0)).formatted(.iso8601) }
        switch provider {
        case "instantly":
            let query = "id=\(campaign)&start_date=\(dates[0])&end_date=\(dates[1])"
            let rows = try await get("/instantly/api/v2/campaigns/analytics?\(query)", "Authorization", "Bearer sk_key")
            return ((rows as? [[String: Any]])?.first?["emails_sent_count"] as? Int) ?? 0
        case "lemlist":
            let key = Data(":sk_key".utf8).base64EncodedString()
            let query = "/lemlist/api/v2/campaigns/\(campaign)/stats?startDate=\(dates[0])&endDate=\(dates[1])"
            let stats = try await get(query, "Authorization", "Basic \(key)")
            return try #require((stats as? [String: Any])?["messagesSent"] as? Int)
        default:
            let query = "/sendkit/v1/campaigns/\(campaign)/analytics?from=\(dates[0])&to=\(dates[1])"
            let answer = try await get(query, "X-Api-Key", "sk_key") as? [String: Any]
            let stats = (answer?["data"] as? [String: Any])?["stats"] as? [String: Any]
            return try #require(stats?["sent"] as? Int)
        }
    }

    private func get(_ path: String, _ header: String, _ value: String) async throws -> Any {
        let response = try await Client.send(HTTPRequest(url: simulator.url + path, headers: [(header, value)]))
        try #require(response.status == 200)
        return try JSONSerialization.jsonObject(with: Data(response.body))
    }
}
