// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What was installed for the tests.
enum Installation {
    /// Debian's Python, which finds Debian's packages.
    static let python = "/usr/bin/python3"
    /// The environment in which it finds newer packages before them, where `.ci/run` has put some.
    static let environment = ["PYTHONPATH": FileManager.default.currentDirectoryPath + "/.build/python"]
}
