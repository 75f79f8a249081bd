// SPDX-License-Identifier: Apache-2.0

extension LemlistAPI {
    /// `GET /team`: who belongs to it; with `version=v2` by name.
    static func team(_ call: Call) -> WireAnswer {
        let world = call.scene.world
        let team: JSON = [
            "_id": .string(world.teamID), "name": "Northwind", "userIds": .array(world.userIDs.map { .string($0) }),
            "createdBy": .string(world.userIDs[0]), "createdAt": call.timestamp(world.epoch - 400 * .day),
        ]
        guard call.query("version") == "v2" else { return .json(team) }
        let users = world.userIDs.enumerated().map { index, id -> JSON in
            ["userId": .string(id), "name": .string(name(index)), "email": .string(email(index)), "role": role(index)]
        }
        return .json(team.with(["users": .array(users)]))
    }

    /// `GET /users/{userId}`: a user with the mailboxes, which alternate between the two.
    static func user(_ call: Call) throws(Refusal) -> WireAnswer {
        guard let index = call.scene.world.userIDs.firstIndex(of: call.id) else {
            throw Refusal(answer: .text("User not found", status: 404))
        }
        let mailboxes = call.scene.mailboxes.filter { $0.index % 2 == index }
        return .json([
            "_id": .string(call.id), "email": .string(email(index)), "role": role(index),
            "linkedIn": [
                "linkedinUrl": .string("https://www.linkedin.example/in/\(name(index).lowercased())"), "status": true,
                "inviteLimit": 25, "sendLimit": 33, "visitLimit": 36,
            ],
            "mailboxes": .array(mailboxes.map(mailbox)),
        ])
    }

    /// `GET /lemwarm/{mailboxId}/settings`: one mailbox in two has the schema's form, the other the example's.
    static func lemwarm(_ call: Call) throws(Refusal) -> WireAnswer {
        guard let mailbox = call.scene.mailboxes.first(where: { $0.id == call.id }) else {
            throw Refusal(answer: .text("Mailbox not found", status: 404))
        }
        let numbers = MailboxNumbers(warmup: mailbox.warmup(at: call.scene.now))
        let head: JSON =
            mailbox.index / 2 % 2 == 0
            ? ["active": .bool(mailbox.isWarming), "dailyLimit": .int(mailbox.dailyLimit)]
            : [
                "warmEmailRampup": 2, "warmEmailMax": .int(mailbox.dailyLimit),
                "activeAt": call.timestamp(mailbox.created),
            ]
        guard let score = numbers.healthScore else { return .json(head) }
        let deliverability: JSON = ["score": .int(score), "lastAt": call.timestamp(call.scene.now)]
        return .json(head.with(["deliverability": deliverability]))
    }

    /// A mailbox; where the host is neither of the great two, the provider is missing.
    private static func mailbox(_ mailbox: MailboxPlan) -> JSON {
        let status =
            switch mailbox.state {
            case .active: "CONNECTED"
            case .paused: "DISCONNECTED"
            case .failing: "ERROR"
            }
        let head: JSON = ["_id": .string(mailbox.id), "email": .string(mailbox.address)]
        let host: JSON = mailbox.host < 2 ? ["provider": .string(["google", "microsoft"][mailbox.host])] : [:]
        return head.with(host).with([
            "status": .string(status), "lemlist": ["emailLimit": .int(mailbox.dailyLimit)],
            "lemwarm": ["active": .bool(mailbox.isWarming)],
        ])
    }

    private static func name(_ user: Int) -> String { ["Alex", "Robin"][user] }

    private static func email(_ user: Int) -> String { "\(name(user).lowercased())@northwind.example" }

    private static func role(_ user: Int) -> JSON { user == 0 ? "admin" : "user" }
}
