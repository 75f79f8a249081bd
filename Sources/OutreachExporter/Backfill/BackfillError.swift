// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import History
internal import Outreach

/// Why there is no past to be had, and what to do.
enum BackfillError: Error, CustomStringConvertible {
    /// The command line asks for no past that there can be.
    case usage(String)
    /// The state file holds answers to another question.
    case foreignState(String)
    /// A provider refused or failed.
    case failed(Account, CallFailure)
    /// Some campaigns' past is missing.
    case incomplete(campaigns: Int, CallFailure?)
    /// The process was asked to stop.
    case interrupted

    var description: String {
        switch self {
        case .usage(let reason): reason
        case .foreignState(let path):
            "\(path) belongs to a backfill of other days, accounts or steps: give the same flags to go on with it,"
                + " and --until with its last day if midnight has passed, or delete it"
        case .failed(let account, let failure):
            "\(account.name): \(failure.text); \(failure.advice). The same command goes on where this one stopped"
        case .incomplete(let campaigns, let failure):
            "\(campaigns) campaigns could not be asked about"
                + (failure.map { ", the first because of \($0.text)" } ?? "")
                + ": the same command asks for these alone"
        case .interrupted: "interrupted: the same command goes on where this one stopped"
        }
    }
}
