// SPDX-License-Identifier: Apache-2.0

extension RouteFault.Effect {
    /// The provider's own response to an error.
    static func error(_ kind: HTTPErrorKind, _ provider: SimulatedProvider) -> RouteFault.Effect {
        .replace(provider.server.errorResponse(kind))
    }
}

extension RouteFault {
    /// Parts that the key may not read, for want of a scope, a role or a plan: the rest of the account answers.
    static let refusedParts =
        refused(
            .refusedMailboxes,
            instantly: ["api/v2/accounts"],
            lemlist: ["api/users/:id"],
            sendkit: ["v1/mailboxes", "v1/mailboxes/:id/health", "v1/analytics/mailboxes"]
        )
        + refused(
            .refusedWarmup,
            instantly: ["api/v2/accounts/warmup-analytics"],
            lemlist: ["api/lemwarm/:id/settings"],
            sendkit: ["v1/warmup/stats"]
        )
        + refused(
            .refusedDetails,
            instantly: [
                "api/v2/campaigns/analytics/overview", "api/v2/campaigns/analytics/steps",
                "api/v2/campaigns/analytics/daily",
            ],
            lemlist: ["api/v2/campaigns/:id/stats", "api/v2/campaigns/stats/batch"],
            sendkit: ["v1/campaigns/:id/analytics", "v1/analytics/daily/campaigns/:id"]
        )
        + refused(.refusedBatch, lemlist: ["api/v2/campaigns/stats/batch"])
        + [
            RouteFault(
                .refusedVitals,
                .instantly,
                ["api/v2/accounts/test/vitals"],
                .error(.paymentRequired, .instantly)
            )
        ]

    private static func refused(
        _ fault: Fault,
        instantly: Set<String> = [],
        lemlist: Set<String> = [],
        sendkit: Set<String> = []
    ) -> [RouteFault] {
        [(SimulatedProvider.instantly, instantly), (.lemlist, lemlist), (.sendkit, sendkit)].filter { !$1.isEmpty }
            .map { provider, routes in RouteFault(fault, provider, routes, .error(.forbidden, provider)) }
    }
}

extension RouteFault {
    /// Single requests that fail while others to the same routes succeed, and a row without what identifies it.
    static let failedCalls = [
        RouteFault(
            .partialMailboxes,
            .instantly,
            ["api/v2/accounts/warmup-analytics"],
            .error(.serverError, .instantly),
            where: { call in call.snapshot.mailboxes.first.map { call.bodyText.contains($0.address) } ?? false }
        ),
        RouteFault(
            .partialMailboxes,
            .lemlist,
            ["api/users/:id", "api/lemwarm/:id/settings"],
            .error(.serverError, .lemlist),
            where: { [$0.snapshot.world.userIDs[1], $0.snapshot.mailboxes.first?.id].contains($0.id) }
        ),
        RouteFault(.partialMailboxes, .sendkit, ["v1/warmup/stats"], .error(.serverError, .sendkit)),
        RouteFault(
            .stepsFail,
            .instantly,
            ["api/v2/campaigns/analytics/steps"],
            .error(.serverError, .instantly),
            where: { $0.query("campaign_id") == $0.snapshot.campaigns.first?.id }
        ),
        RouteFault(.rowWithoutAddress, .instantly, ["api/v2/accounts"], .edit(hidingFirstAddress)),
        RouteFault(.rowWithoutAddress, .lemlist, ["api/users/:id"], .edit(hidingFirstAddress)),
        RouteFault(
            .rowWithoutAddress,
            .sendkit,
            ["v1/mailboxes", "v1/analytics/mailboxes", "v1/warmup/stats"],
            .edit(hidingFirstAddress)
        ),
    ]

    /// Without the address of the first mailbox, in whatever row it is.
    private static let hidingFirstAddress: @Sendable (JSON, APIRequest) -> JSON = { body, call in
        guard let address = call.snapshot.mailboxes.first?.address else { return body }
        return body.removing("email", where: address)
    }
}

extension JSON {
    /// Without the fields of this name that have this text, at any depth.
    fileprivate func removing(_ name: String, where text: String) -> JSON {
        guard case .object(let fields) = self else { return mapped { $0.removing(name, where: text) } }
        let kept = fields.filter { field in
            if case .string(text) = field.value { field.name != name } else { true }
        }
        return JSON.object(kept).mapped { $0.removing(name, where: text) }
    }
}
