// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <malloc.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>

// Functions that Swift does not import, as functions of fixed arguments. And those with a `timespec`: in an optimized
// build Swift 6.3 finds no members of it any more once an initializer of `Duration` was looked up in a file before.

/// Keeps the process's memory out of core dumps and away from other processes of the same user; 0 on success.
static inline int linux_forbid_dumps(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/// Has all threads allocate from one reserve of addresses, instead of 64 MB for each of them.
static inline void linux_share_reserve(void) {
    mallopt(M_ARENA_MAX, 1);
}

/// The microseconds of CLOCK_MONOTONIC.
static inline int64_t linux_monotonic_microseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

/// When a file's contents were modified, in nanoseconds since 1970.
static inline int64_t linux_modified_nanoseconds(const struct stat *status) {
    return (int64_t)status->st_mtim.tv_sec * 1000000000 + status->st_mtim.tv_nsec;
}

/// When a file's contents or its owner, mode or links were changed, in nanoseconds since 1970.
static inline int64_t linux_changed_nanoseconds(const struct stat *status) {
    return (int64_t)status->st_ctim.tv_sec * 1000000000 + status->st_ctim.tv_nsec;
}

/// The number of the next of these signals; -1, with EAGAIN in `errno`, if none comes within the time.
static inline int linux_wait_for_signal(const sigset_t *signals, int64_t microseconds) {
    struct timespec time = {.tv_sec = microseconds / 1000000, .tv_nsec = microseconds % 1000000 * 1000};
    return sigtimedwait(signals, NULL, &time);
}
