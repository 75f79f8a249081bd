// SPDX-License-Identifier: Apache-2.0

/// Every provider, in the order of the documentation: a new one is a folder beside these and a line here.
package let providerKinds: [any ProviderKind.Type] = [
    Instantly.self, Lemlist.self, SendKit.self,
]
