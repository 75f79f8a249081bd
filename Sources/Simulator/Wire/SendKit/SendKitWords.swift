// SPDX-License-Identifier: Apache-2.0

extension MailboxPlan {
    /// SendKit's word for its state.
    var sendKitStatus: String {
        switch state {
        case .active: isWarming ? "warming_up" : "active"
        case .paused: "inactive"
        case .failing: "error"
        }
    }

    /// The percentage of the domain's checks that pass.
    var setupScore: Int { checks.count { $0.passed } * 100 / checks.count }

    /// SendKit's word for the state of its warm-up, which is complete after six weeks.
    func warmupStatus(_ numbers: MailboxNumbers) -> String {
        guard isWarming else { return "not_started" }
        return numbers.warmupDay > 42 ? "completed" : "in_progress"
    }
}

extension WarmupDay {
    /// The percentage of the messages sent that `part` is, to a tenth.
    func percentage(_ part: Int) -> JSON {
        .number(sent == 0 ? 0 : Double(part * 1000 / sent) / 10)
    }

    /// SendKit's score of a warm-up: `min(100, inboxRate · 0.5 + (100 − spamRate) · 0.3 + openRate · 0.2)`.
    package var sendKitScore: Int {
        guard sent > 0 else { return 0 }
        let (inbox, junk, open) = (inbox * 100 / sent, spam * 100 / sent, opened * 100 / sent)
        return min(100, (inbox * 5 + (100 - junk) * 3 + open * 2) / 10)
    }
}
