// SPDX-License-Identifier: Apache-2.0

@testable import Collection
import Glibc
import Testing

/// A trait of suites whose tests start programs: only so many of their tests run at once as the machine can carry.
///
/// Without it hundreds of programs start together, and neither they nor the tests of sockets beside them get on.
struct ConcurrencyLimit: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    private static let tests = AsyncSemaphore(2 * max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        try await Self.tests.acquire()
        defer { Self.tests.release() }
        try await function()
    }
}

extension Trait where Self == ConcurrencyLimit {
    /// At most two tests at once for each processor, over all suites with this trait.
    static var startsPrograms: Self { ConcurrencyLimit() }
}
