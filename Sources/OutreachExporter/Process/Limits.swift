// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// What the process settles with the kernel before it does anything.
enum Limits {
    /// How many files this process may have open, connections included.
    static var openFiles: Int {
        var files = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files) == 0 else { return 0 }
        return Int(clamping: files.rlim_cur)
    }

    /// Keeps keys out of core dumps and away from debuggers, has faults say that they are the end, and allows as many
    /// open files as the system does.
    static func settle() {
        _ = linux_forbid_dumps()
        Faults.announce()
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        var files = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &files) == 0 else { return }
        files.rlim_cur = files.rlim_max
        setrlimit(resource, &files)
    }
}
