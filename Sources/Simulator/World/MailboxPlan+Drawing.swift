// SPDX-License-Identifier: Apache-2.0

extension MailboxPlan {
    private static let firstNames = [
        "Anna", "Ben", "Chloe", "David", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas",
    ]
    private static let lastNames = ["Berg", "Costa", "Dupont", "Ek", "Fischer", "Garcia", "Horvat"]

    /// Draws the mailbox with this number.
    ///
    /// - Parameters:
    ///   - index: its number within the account.
    ///   - platform: whose ids it bears.
    ///   - seed: the account's.
    ///   - epoch: where the world's past ends.
    init(_ index: Int, on platform: Platform, seed: UInt64, epoch: Moment) {
        var dice = Dice(seed, 2, UInt64(index))
        var site = Dice(seed, 3, UInt64(index % 3))
        let names = MailboxPlan.firstNames
        let surnames = MailboxPlan.lastNames
        let round = index / (names.count * surnames.count)
        self.index = index
        id = platform == .lemlist ? Identifier.meteor("usm", &dice) : Identifier.objectID(&dice)
        firstName = names[index % names.count]
        lastName = surnames[index / names.count % surnames.count] + (round == 0 ? "" : String(round + 1))
        domain = "\(["try", "get", "hello"][index % 3])-\(site.text(5, of: "bcdfglmnprstaeiou")).example"
        host = index % 5 == 4 ? 2 : index % 2
        state = index % 8 == 5 ? .failing : index % 8 == 7 ? .paused : .active
        isWarming = index % 4 != 3
        created = epoch - dice.between(3..<60) * .day
        dailyLimit = 30 + Int(dice.next() % 5) * 10
        spam = dice.between(0.01..<0.08)
    }
}
