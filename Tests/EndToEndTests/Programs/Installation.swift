// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What was installed for the tests beside Debian's packages.
enum Installation {
    /// The environment in which Python finds the packages that the README's command puts into `.build/python`.
    static var python: [String: String] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return ["PYTHONPATH": FileManager.default.currentDirectoryPath + "/.build/python", "PATH": path]
    }
}
