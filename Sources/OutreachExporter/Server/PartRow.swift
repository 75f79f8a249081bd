// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Outreach

/// A part of an account's data as the status page shows it.
struct PartRow {
    /// The result of the last requests for the part, as people read it.
    enum State: String {
        case up
        /// Some requests succeeded, others failed.
        case partial = "up in part"
        case failing
        /// The provider refuses the part to the key.
        case refused

        var css: String {
            switch self {
            case .up: "up"
            case .partial: "wait"
            case .failing, .refused: "down"
            }
        }
    }

    let part: DataPart
    let state: State
    /// The time since the last success; `nil` if there was none.
    let age: Duration?
    /// The endpoint, what went wrong and what to do about it; `nil` if nothing did.
    let problem: String?

    /// The item of the account's list of parts.
    var item: HTML {
        """
        <li class="\(state.css)">\(part.rawValue) <span class="state">\(state.rawValue)</span>, \(when)</li>
        """
    }

    private var when: String {
        guard let age else { return "never succeeded" }
        return state == .up ? "\(age.approximateText) ago" : "last success \(age.approximateText) ago"
    }

    /// The row of the table that tells the problem, if there is one.
    var problemRow: HTML {
        guard let problem else { return "" }
        return "<tr class=\"problem \(state.css)\"><td colspan=\"6\">\(part.rawValue): \(problem)</td></tr>\n"
    }
}

extension PartRow {
    /// A part at a moment.
    init(_ part: DataPart, _ status: PartStatus, now: Timestamp) {
        self.init(
            part: part,
            state: State(status),
            age: status.lastSuccess.map { now.since($0) },
            problem: status.error.map { error in
                [error.route, error.text, error.advice].compactMap(\.self).joined(separator: ": ")
            }
        )
    }
}

extension PartRow.State {
    fileprivate init(_ status: PartStatus) {
        switch status.error {
        // A refused listing fails the account, so it is not counted as the refusal of a part.
        case _ where status.isRefused || status.error?.concernsAccount == true: self = .refused
        case nil: self = .up
        case _?: self = status.isUp ? .partial : .failing
        }
    }
}
