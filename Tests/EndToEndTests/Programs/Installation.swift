// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What was installed for the tests.
enum Installation {
    /// Debian's Python, which finds Debian's packages.
    static let python = "/usr/bin/python3"
    /// The environment in which the toolchain is found that runs the tests.
    static let path = ProcessInfo.processInfo.environment.filter { $0.key == "PATH" }
    /// The environment in which Python finds newer packages before Debian's, where `.ci/run` has put some.
    static let environment = ["PYTHONPATH": FileManager.default.currentDirectoryPath + "/.build/python"]
}
