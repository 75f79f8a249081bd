// SPDX-License-Identifier: Apache-2.0

internal import Configuration

extension Log {
    /// Warns of each file with a key in it that every user of the machine can read.
    func warnOfOpenKeys(in files: [String]) {
        for file in files where FileAccess.isOpenToAll(file) {
            warn(
                "every user of this machine can read a key",
                ["file": file, "advice": "take the permission away: chmod o= \(file)"]
            )
        }
    }
}
