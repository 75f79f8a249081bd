// SPDX-License-Identifier: Apache-2.0

import Simulator

/// What a fault must do to what is exported.
enum Effect: Sendable {
    /// Collections fail for a reason: the last data stays until it is too old, nothing new appears.
    case down(reason: String)
    /// Nothing is wrong with the numbers: what is exported is the truth, no counter falling by up to half.
    case truth
    /// What still comes is exported and true; what is missing is not invented.
    ///
    /// Of campaigns alone: steps whose variant is not told count together.
    case partOfTruth

    /// The wall's table: what each fault must do, at every provider and whenever it strikes.
    static func of(_ fault: Fault) -> Effect {
        switch fault {
        case .unauthorized: .down(reason: "the key is refused (HTTP 401)")
        case .paymentRequired: .down(reason: "the key is refused (HTTP 402)")
        case .rateLimit: .down(reason: "too many requests (HTTP 429)")
        case .serverError, .partialList: .down(reason: "the provider has trouble (HTTP 500)")
        case .hang: .down(reason: "no complete answer in time")
        case .truncate, .dropConnection: .down(reason: "no connection: the connection broke")
        case .redirect: .down(reason: "the request is rejected (HTTP 302): redirect not followed")
        case .notJSON, .endlessCursor: .down(reason: "an unexpected answer (HTTP 200)")
        case .missingFields: .partOfTruth
        case .slow, .numbersAsStrings, .duplicateRows: .truth
        case .countersFall, .countersReset, .campaignVanishes, .bounceStorm, .replyDrought: .truth
        }
    }
}
