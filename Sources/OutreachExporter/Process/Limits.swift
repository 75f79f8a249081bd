// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// What the process settles with the kernel before it does anything.
enum Limits {
    /// Keeps keys out of core dumps and away from debuggers, and allows as many open files as the system does.
    static func settle() {
        _ = linux_forbid_dumps()
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        var files = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &files) == 0 else { return }
        files.rlim_cur = files.rlim_max
        setrlimit(resource, &files)
    }
}
