// SPDX-License-Identifier: Apache-2.0

import Collection
import Foundation
import Outreach
import Testing

@testable import OutreachExporter

@Suite struct KeyFileTests {
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/outreach-key-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func write(_ key: String, to path: String) throws {
        try Data(key.utf8).write(to: URL(filePath: path))
    }

    @Test("A file is read when it is new, when it has changed, and when it is urgent")
    func changes() async throws {
        try await withFolder { folder in
            let path = folder + "/key"
            try write("k-1\n", to: path)
            let file = KeyFile(path)
            #expect(await file.look(isUrgent: false) == .key(Secret("k-1")))
            #expect(await file.look(isUrgent: false) == .unchanged)
            #expect(await file.look(isUrgent: true) == .key(Secret("k-1")))
            try write("k-22\n", to: path)
            #expect(await file.look(isUrgent: false) == .key(Secret("k-22")))
            #expect(await file.look(isUrgent: false) == .unchanged)
        }
    }

    @Test("A volume of Kubernetes swaps a link above the file")
    func volume() async throws {
        try await withFolder { folder in
            let files = FileManager.default
            for version in ["1", "2"] {
                try files.createDirectory(atPath: "\(folder)/..\(version)", withIntermediateDirectories: true)
                try write("k-\(version)", to: "\(folder)/..\(version)/key")
            }
            try files.createSymbolicLink(atPath: folder + "/..data", withDestinationPath: "..1")
            try files.createSymbolicLink(atPath: folder + "/key", withDestinationPath: "..data/key")
            let file = KeyFile(folder + "/key")
            #expect(await file.look(isUrgent: false) == .key(Secret("k-1")))
            try files.createSymbolicLink(atPath: folder + "/..new", withDestinationPath: "..2")
            #expect(rename(folder + "/..new", folder + "/..data") == 0)
            #expect(await file.look(isUrgent: false) == .key(Secret("k-2")))
        }
    }

    @Test("A file that is gone, empty or no key is told once, without what it holds")
    func unusable() async throws {
        try await withFolder { folder in
            let path = folder + "/key"
            try write("k-1", to: path)
            let file = KeyFile(path)
            _ = await file.look(isUrgent: false)
            try FileManager.default.removeItem(atPath: path)
            #expect(
                await file.look(isUrgent: false) == .unusable("cannot read \(path): No such file or directory")
            )
            #expect(await file.look(isUrgent: false) == .unchanged)
            #expect(await file.look(isUrgent: true) == .unchanged)
            try write("", to: path)
            #expect(await file.look(isUrgent: false) == .unusable("the key is empty"))
            try write("Bearer k-1", to: path)
            guard case .unusable(let reason) = await file.look(isUrgent: false) else {
                Issue.record("a key with a scheme was taken")
                return
            }
            #expect(reason.hasPrefix("the key begins with Bearer") && !reason.contains("k-1"))
            try write("k-1", to: path)
            #expect(await file.look(isUrgent: false) == .key(Secret("k-1")))
        }
    }
}
