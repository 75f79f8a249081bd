// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import OutreachExporter

/// The version and the revision, which stand in one file and reach the image from there.
@Suite struct BuildTests {
    private static func file(_ name: String) throws -> String {
        let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        return try String(contentsOf: repository.appending(path: name), encoding: .utf8)
    }

    @Test("The image's version is the program's, its labels and the program's revision are the build's arguments")
    func image() throws {
        let dockerfile = try Self.file("Dockerfile")
        #expect(dockerfile.contains("\nARG VERSION=\(Build.version)\n"))
        for argument in ["VERSION", "REVISION", "SOURCE"] {
            let label = "org.opencontainers.image.\(argument.lowercased())=\"${\(argument)}\""
            #expect(dockerfile.contains(label))
        }
        let edited = dockerfile.matches(of: /(Sources\/[A-Za-z\/]+Build\.swift)/).map { String($0.1) }
        #expect(Set(edited).count == 1)
        let source = try Self.file(try #require(edited.first))
        #expect(source.contains("version = \"\(Build.version)\"\n"))
        #expect(source.contains("revision = \"unknown\"\n"))
    }

    @Test("--version names the version and the revision; providers see the version")
    func texts() {
        #expect(
            Build.description
                == "outreach-exporter \(Build.version) (revision \(Build.revision), Swift \(Build.swiftVersion))"
        )
        #expect(Build.userAgent == "outreach-exporter/\(Build.version)")
    }
}
