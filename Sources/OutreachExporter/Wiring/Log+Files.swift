// SPDX-License-Identifier: Apache-2.0

extension Log {
    /// Warns that the limit of open files bounds the clients.
    func writeFewFiles(_ limit: Int, connections: Int) {
        let advice = "raise LimitNOFILE= or ulimit -n"
        warn("few open files are allowed", ["limit": limit, "connections": connections, "advice": advice])
    }
}
