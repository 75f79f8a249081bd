// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <malloc.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <time.h>

// Functions that Swift does not import, as functions of fixed arguments. And the clock: in an optimized build Swift 6.3
// finds no members of `timespec` any more once an initializer of `Duration` was looked up in a file before.

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
