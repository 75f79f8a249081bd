// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sys/prctl.h>

// The kernel's variadic functions, which Swift does not import, as functions of fixed arguments.

/// Keeps the process's memory out of core dumps and away from other processes of the same user; 0 on success.
static inline int linux_forbid_dumps(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
