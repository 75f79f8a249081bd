// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Testing

/// The clients that are accepted by their certificate, with curl as the client.
@Suite(.timeLimit(.minutes(30))) struct ClientCertificateTests {
    /// The clients by their certificate.
    enum Client: String, CaseIterable, Sendable {
        case nobody, known, stranger, knownServer
    }

    /// The clients that each policy lets in.
    private static let admitted: [ClientCertificates: Set<Client>] = [
        .none: [.nobody, .known, .stranger, .knownServer],
        .requested: [.nobody, .known, .stranger, .knownServer],
        .required: [.known, .stranger, .knownServer],
        .verifiedIfGiven: [.nobody, .known],
        .requiredAndVerified: [.known],
    ]

    private static let certificates = Result {
        let certificates = try Certificates()
        try certificates.issue("known", by: .ours, names: "DNS:client.example")
        try certificates.issue("stranger", by: .foreign, names: "DNS:client.example")
        try certificates.issue("knownServer", by: .ours, names: "DNS:client.example", purpose: "serverAuth")
        let names = "DNS:prom.example,IP:10.1.2.3,IP:2001:db8::1,email:ops@example.com,URI:spiffe://example/prom"
        try certificates.issue("named", by: .ours, names: names)
        return certificates
    }

    @Test("lets in whom the policy means, over both versions", arguments: ClientCertificates.allCases, ["1.2", "1.3"])
    func policies(policy: ClientCertificates, version: String) async throws {
        let certificates = try Self.certificates.get()
        var settings = try TLSSettings(certificates)
        settings.clientAuthorities = try certificates.content("ours.pem")
        settings.clientCertificates = policy
        try await serving(settings) { address in
            for client in Client.allCases {
                let name = client == .nobody ? nil : client.rawValue
                let isIn = try certificates.visit(address, as: name, version: version)
                #expect(isIn == Self.admitted[policy]?.contains(client), "\(client)")
            }
        }
    }

    @Test(
        "a client's certificate must bear one of the allowed names exactly",
        arguments: [
            ("prom.example", true), ("10.1.2.3", true), ("2001:db8::1", true), ("ops@example.com", true),
            ("spiffe://example/prom", true), ("PROM.EXAMPLE", false), ("example", false), ("*.example", false),
            ("2001:0db8::1", false), ("named", false),
        ]
    )
    func names(allowed: String, isIn: Bool) async throws {
        let certificates = try Self.certificates.get()
        for policy in [ClientCertificates.requested, .required, .verifiedIfGiven, .requiredAndVerified] {
            var settings = try TLSSettings(certificates)
            settings.clientAuthorities = try certificates.content("ours.pem")
            settings.clientCertificates = policy
            settings.clientNames = ["other.example", allowed]
            try await serving(settings) { address in
                let (named, other) = (
                    try certificates.visit(address, as: "named"), try certificates.visit(address, as: "known")
                )
                #expect(named == isIn)
                #expect(!other)
            }
        }
    }

    @Test("without an authority of one's own the system's are trusted, which know none of these")
    func systemTrust() async throws {
        let certificates = try Self.certificates.get()
        var settings = try TLSSettings(certificates)
        settings.clientCertificates = .requiredAndVerified
        try await serving(settings) { address in
            let isIn = try certificates.visit(address, as: "known")
            #expect(!isIn)
        }
    }
}

extension TLSSettings {
    /// The server's certificate of a folder.
    init(_ certificates: Certificates, _ name: String = "server") throws {
        self.init(
            certificate: try certificates.content("\(name).pem"),
            key: try certificates.content("\(name).key")
        )
    }
}

/// Serves with TLS for as long as `body` runs.
func serving(_ settings: TLSSettings, _ body: @escaping @Sendable (ListenAddress) throws -> Void) async throws {
    let context = try TLSContext(settings)
    try await serving(configured { $0.tls = { context } }, handler: { _ in .response(.text("in")) }, body)
}

extension Certificates {
    /// Asks for a page with a certificate of the folder; true if it came.
    fileprivate func visit(_ address: ListenAddress, as client: String?, version: String = "1.3") throws -> Bool {
        let certificate = client.map { ["--cert", path("\($0).pem"), "--key", path("\($0).key")] } ?? []
        let versions = ["--tlsv\(version)", "--tls-max", version]
        let curl = ["curl", "-s", "--max-time", "20", "--cacert", path("ours.pem")] + versions + certificate
        return try runCommand(curl + ["https://\(address)/"]).output == "in"
    }
}
