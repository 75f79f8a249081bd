// SPDX-License-Identifier: Apache-2.0

/// Which numbers a lemlist client asks for: a span, channels, and one side of the A/B test.
struct LemlistFilter {
    /// The fields as sent, in the query or in a batch's body.
    struct Fields {
        var startDate, endDate, abSelected, sendUser: String?
        var channels: [String] = []
    }

    let span: Span
    private let channels: Set<String>
    private let abSelected: String?

    /// Reads and checks the fields in the order in which lemlist complains.
    init(_ fields: Fields, _ call: Call) throws(Refusal) {
        guard let start = fields.startDate, let end = fields.endDate else {
            throw LemlistAPI.bad("startDate and endDate are required")
        }
        guard Set(fields.channels).isSubset(of: ["others", "email", "linkedin"]) else {
            throw LemlistAPI.bad("channels must be empty or contain \"others\", \"email\" or \"linkedin\"")
        }
        guard fields.abSelected.map({ ["A", "B"].contains($0) }) ?? true else {
            throw LemlistAPI.bad("ABSelected must be A or B")
        }
        try LemlistFilter.check(sender: fields.sendUser, call)
        span = try Span(
            from: start,
            to: end,
            call.clock,
            or: LemlistAPI.bad("startDate and endDate are required").answer
        )
        channels = Set(fields.channels)
        abSelected = fields.abSelected
    }

    /// Whether a cell's numbers are asked for.
    func includes(_ cell: Cell) -> Bool {
        (channels.isEmpty || channels.contains(cell.task.channel))
            && (abSelected == nil || cell.variant == nil || cell.letter == abSelected)
    }

    private static func check(sender: String?, _ call: Call) throws(Refusal) {
        guard let sender else { return }
        let parts = sender.split(separator: "|", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].hasPrefix("usr_"), parts[1].contains("@") else {
            let reason = "sendUser must be formatted as follow: <sendUserId>|<sendUserEmail>"
            throw Refusal(answer: .text("Bad param format: " + reason, status: 400))
        }
        let owner = call.scene.world.userIDs.firstIndex(of: String(parts[0]))
        guard call.scene.mailboxes.contains(where: { $0.index % 2 == owner && $0.address == parts[1] }) else {
            throw LemlistAPI.bad("the send user email is not related to the send user id")
        }
    }
}

extension StepTask {
    fileprivate var channel: String {
        switch self {
        case .email: "email"
        case .linkedinVisit, .linkedinInvite, .linkedinSend: "linkedin"
        case .phone, .manual, .conditional: "others"
        }
    }
}

extension Cell {
    /// The variant as people name it: `A` for the first.
    var letter: String? {
        variant.map { String(UnicodeScalar(UInt8(ascii: "A") + UInt8($0 % 26))) }
    }
}
