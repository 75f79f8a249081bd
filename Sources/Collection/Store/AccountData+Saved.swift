// SPDX-License-Identifier: Apache-2.0

internal import Outreach

extension AccountData {
    /// Takes up what an earlier run saved.
    ///
    /// What was collected under another configuration than today's is shown, but its details count as due.
    init(_ saved: SavedAccount, lifetimes: Lifetimes, sameConfiguration: Bool, _ dating: Dating) {
        self.init(account: saved.account, lifetimes: lifetimes)
        let campaigns = saved.campaigns.map { campaign in
            (campaign.row.campaign.id, campaign.tracked(isForeign: !sameConfiguration, dating))
        }
        book = CampaignBook(
            Dictionary(campaigns) { _, last in last },
            listed: saved.listed.map(dating.moment)
        )
        mailboxes = Timed(saved.mailboxes, saved.mailboxesFetched, dating)
        domainChecks = Timed(saved.domainChecks, saved.domainChecksFetched, dating)
    }

    /// The data in the form that an archive keeps.
    func saved(identity: String, status: AccountStatus, marks: CounterMarks, _ dating: Dating) -> SavedAccount {
        SavedAccount(
            account: account,
            identity: identity,
            state: status.state,
            lastAttempt: status.lastAttempt,
            lastSuccess: status.lastSuccess,
            listed: book.listed.map(dating.date),
            campaigns: book.campaigns.values.map { SavedAccount.SavedCampaign($0, dating) },
            mailboxes: mailboxes?.value,
            mailboxesFetched: mailboxes.map { dating.date($0.fetched) },
            domainChecks: domainChecks?.value,
            domainChecksFetched: domainChecks.map { dating.date($0.fetched) },
            marks: marks
        )
    }
}

extension Timed {
    fileprivate init?(_ value: Value?, _ fetched: Timestamp?, _ dating: Dating) {
        guard let value, let fetched else { return nil }
        self.init(value: value, fetched: dating.moment(fetched))
    }
}

extension SavedAccount.SavedCampaign {
    fileprivate init(_ campaign: TrackedCampaign, _ dating: Dating) {
        row = campaign.row
        detail = campaign.detail?.campaign
        detailRow = campaign.hasChanged ? campaign.detail?.row : nil
        fetched = campaign.detail.map { dating.date($0.fetched) }
        confirmed = campaign.detail.map { dating.date($0.confirmed) }
        looked = campaign.detail.map { dating.date($0.looked) }
        quietLooks = campaign.detail?.quietLooks
    }

    fileprivate func tracked(isForeign: Bool, _ dating: Dating) -> TrackedCampaign {
        guard let detail, let fetched, let confirmed else { return TrackedCampaign(row) }
        return TrackedCampaign(
            row,
            detail: .init(
                campaign: detail,
                row: detailRow ?? row,
                fetched: dating.moment(fetched),
                confirmed: dating.moment(confirmed),
                looked: dating.moment(looked ?? fetched),
                quietLooks: quietLooks ?? 0
            ),
            isForeign: isForeign
        )
    }
}
