// SPDX-License-Identifier: Apache-2.0

extension JSON {
    /// This value changed as a fault demands, wherever it stands.
    func bent(by fault: Fault) -> JSON {
        switch self {
        case .number(let number) where fault == .numbersAsStrings:
            .text(Int(exactly: number).map(String.init) ?? String(number))
        case .list(let list): .list(Self.bend(list, by: fault))
        case .object(let object): .object(Self.bend(object, by: fault))
        default: self
        }
    }

    private static func bend(_ list: [JSON], by fault: Fault) -> [JSON] {
        guard case .object = list.first else { return list }
        let bent = list.map { $0.bent(by: fault) }
        return switch fault {
        case .empty: []
        case .duplicateRows: bent.flatMap { [$0, $0] }
        default: bent
        }
    }

    private static func bend(_ object: [String: JSON], by fault: Fault) -> [String: JSON] {
        let isCampaign = object["campaign_name"] != nil || object["name"] != nil
        var bent = object.mapValues { $0.bent(by: fault) }
        for (key, value) in object {
            switch (fault, value) {
            case (.missingFields, _) where key == "pagination": bent[key] = value
            case (.missingFields, .number): bent[key] = nil
            case (.unknownStatus, _) where isCampaign && key.hasSuffix("status"): bent[key] = "from_the_future"
            case (.wildNames, _) where isCampaign && key.hasSuffix("name"): bent[key] = .text(Fault.wildName)
            case (.empty, _) where key == "next_starting_after": bent[key] = nil
            case (.empty, _) where key == "pagination": bent[key] = ["hasMore": false]
            default: break
            }
        }
        return bent
    }
}
