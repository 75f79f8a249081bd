// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A headless Chromium.
enum Browser {
    private static let path = "/usr/bin/chromium"

    /// Whether tests with it run: where it is installed, and with `CI=true` anyway, so that they fail where it is missing.
    static var isExpected: Bool {
        FileManager.default.isExecutableFile(atPath: path) || ProcessInfo.processInfo.environment["CI"] == "true"
    }

    /// Opens a page, does something with it, and returns what the browser prints.
    static func open(_ url: String, _ action: String, profile: TemporaryDirectory) async throws -> String {
        let program = try ChildProcess(
            path,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1000,600",
                "--user-data-dir=\(profile.path)/profile", action, url,
            ],
            environment: ["HOME": profile.path]
        )
        await program.expectEnd(0)
        return program.lines.joined(separator: "\n")
    }
}
