// SPDX-License-Identifier: Apache-2.0

import Testing

/// A library that is loaded before the C library and kills its process before a certain step on a directory's files.
///
/// So the very binary that people run dies between two system calls, without a seam in its code.
struct StorageCrash {
    private let library: String

    /// Compiles it with the toolchain's clang.
    static func build(in directory: TemporaryDirectory) async throws -> StorageCrash {
        let source = try directory.file("killer.c", code)
        let library = directory.path + "/killer.so"
        let compiler = try ChildProcess(
            "/bin/sh",
            ["-c", "$(dirname $(readlink -f $(command -v swift)))/clang -shared -fPIC -o \(library) \(source) -ldl"],
            environment: TestTools.path
        )
        await compiler.expectEnd(0)
        return StorageCrash(library: library)
    }

    /// The environment in which a program dies before its step of this number, counted from 1.
    func environment(step: Int, directory: String) -> [String: String] {
        ["LD_PRELOAD": library, "KILLER_STEP": String(step), "KILLER_DIRECTORY": directory]
    }

    private static let code = #"""
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <fcntl.h>
        #include <signal.h>
        #include <stdarg.h>
        #include <stdatomic.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/stat.h>
        #include <unistd.h>

        static atomic_int steps;
        static char ours[4096];
        #define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

        static void step(void) {
            if (++steps == atoi(getenv("KILLER_STEP"))) kill(getpid(), SIGKILL);
        }
        static int concerns(const char *path) {
            const char *directory = getenv("KILLER_DIRECTORY");
            return directory && strncmp(path, directory, strlen(directory)) == 0;
        }
        static int opened(const char *path, int flags, int fd) {
            if (fd >= 0 && fd < 4096) ours[fd] = concerns(path) && ((flags & O_CREAT) || (flags & O_DIRECTORY));
            return fd;
        }
        int open(const char *path, int flags, ...) {
            va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest);
            if (concerns(path) && (flags & O_CREAT)) step();
            return opened(path, flags, NEXT(open)(path, flags, mode));
        }
        int open64(const char *path, int flags, ...) {
            va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest);
            if (concerns(path) && (flags & O_CREAT)) step();
            return opened(path, flags, NEXT(open)(path, flags, mode));
        }
        ssize_t write(int fd, const void *bytes, size_t count) {
            if (fd >= 0 && fd < 4096 && ours[fd]) {
                step();
                // Half a file first: a kill may come in the middle of it.
                if (ours[fd]++ == 1 && count > 1) count /= 2;
            }
            return NEXT(write)(fd, bytes, count);
        }
        int fsync(int fd) { if (fd >= 0 && fd < 4096 && ours[fd]) step(); return NEXT(fsync)(fd); }
        int rename(const char *from, const char *to) { if (concerns(to)) step(); return NEXT(rename)(from, to); }
        int mkdir(const char *path, mode_t mode) { if (concerns(path)) step(); return NEXT(mkdir)(path, mode); }
        int close(int fd) { if (fd >= 0 && fd < 4096) ours[fd] = 0; return NEXT(close)(fd); }
        """#
}
