// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Providers

extension SettingsReader {
    /// Reads the options that an account has because of its provider; an empty text or list is as good as none.
    func options(
        of kind: (any ProviderKind.Type)?,
        from fields: Fields<SettingsKeys.Account>
    ) -> [String: ProviderOption.Value] {
        guard let kind else { return [:] }
        for other in kinds where other.name != kind.name {
            fields[other.name]?.complain(
                "these options belong to \(other.title), and the account's provider is \(kind.name)"
            )
        }
        var values: [String: ProviderOption.Value] = [:]
        for field in fields[kind.name]?.entries() ?? [] {
            guard let option = kind.options.first(where: { $0.name == field.name }) else {
                field.complainUnknown(among: kind.options.map(\.name))
                continue
            }
            values[option.name] = value(of: option.kind, from: field)
        }
        return values
    }

    private func value(of kind: ProviderOption.Kind, from field: Field) -> ProviderOption.Value? {
        switch kind {
        case .flag: return field.flag().map(ProviderOption.Value.flag)
        case .choice(let words): return field.word(among: words).map(ProviderOption.Value.text)
        case .list(let words):
            let chosen = field.list()?.compactMap { $0.word(among: words) } ?? []
            return chosen.isEmpty ? nil : .list(chosen)
        case .text(let check): return text(field, check).map(ProviderOption.Value.text)
        }
    }

    private func text(_ field: Field, _ check: (String) -> String?) -> String? {
        guard let text = field.text(), !text.isEmpty else { return nil }
        guard let complaint = check(text) else { return text }
        field.complain(field.shows(text) ? complaint : "\(field.quoted) does not fit")
        return nil
    }
}
