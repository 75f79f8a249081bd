// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Raises the soft limit of open files to the hard one: 1,024, as many shells have it, is less than some tests open.
package func raiseFileLimit() {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
