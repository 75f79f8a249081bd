// SPDX-License-Identifier: Apache-2.0

internal import CPCRE2

extension RegularExpression {
    /// What matching one text may cost.
    ///
    /// A step is one item of the pattern tried at one position. It compares each byte of the text with each member of a
    /// class at most, and copies one frame. So the steps times the larger of both bound the time: about a millisecond.
    package struct Limits: Hashable {
        /// Steps until the attempt is given up: 16,384 for texts up to 32 bytes, fewer for longer ones.
        package let steps: Int
        /// Memory for positions to return to, in KiB.
        package let heap = 1024

        /// Steps times what each costs, in bytes of text compared.
        private static let work = 1 << 19
        /// What a step costs at least, in bytes of text compared.
        private static let leastCost = 32
        /// Bytes of a class whose comparison takes as long again as everything else about a byte of text.
        private static let classBytes = 16
        /// Bytes copied in the time that comparing one takes.
        private static let copiedBytes = 16

        /// Bounds an attempt.
        ///
        /// - Parameters:
        ///   - textLength: bytes of the text.
        ///   - classLength: bytes that the pattern's classes take, like `[a-z]`.
        ///   - frameSize: bytes that PCRE2 copies for each position to return to; grows with the pattern's groups.
        package init(textLength: Int, classLength: Int = 0, frameSize: Int = 0) {
            let compared = textLength * (1 + classLength / Self.classBytes)
            steps = Self.work / max(Self.leastCost, compared, frameSize / Self.copiedBytes)
        }
    }
}

/// One search for an expression in one text.
///
/// PCRE2's own limit of steps starts anew at each position of the text, so its callouts count them: PCRE2 makes one before
/// each item that it tries, and a negative result ends the search.
struct MatchAttempt: ~Copyable {
    private let context: OpaquePointer
    private let data: OpaquePointer
    private let limits: RegularExpression.Limits

    /// Prepares an attempt; `nil` where memory has run out.
    init?(_ limits: RegularExpression.Limits) {
        guard let context = pcre2_match_context_create_8(nil) else { return nil }
        guard let data = pcre2_match_data_create_8(1, nil) else {
            pcre2_match_context_free_8(context)
            return nil
        }
        (self.context, self.data, self.limits) = (context, data, limits)
        pcre2_set_heap_limit_8(context, UInt32(limits.heap))
        pcre2_set_match_limit_8(context, UInt32(limits.steps))
        pcre2_set_depth_limit_8(context, UInt32(limits.steps))
    }

    deinit {
        pcre2_match_data_free_8(data)
        pcre2_match_context_free_8(context)
    }

    /// Searches; returns PCRE2's result: 0 or more where the expression is found, a negative error otherwise.
    func run(_ code: OpaquePointer, on text: String) -> Int32 {
        var (text, steps) = (text, limits.steps)
        return withUnsafeMutablePointer(to: &steps) { steps in
            pcre2_set_callout_8(context, countStep, steps)
            // A Swift string's bytes are valid UTF-8: PCRE2 need not check them.
            return text.withUTF8 {
                pcre2_match_8(code, $0.baseAddress, $0.count, 0, UInt32(PCRE2_NO_UTF_CHECK), data, context)
            }
        }
    }
}

/// Takes one off the steps that are left, and ends the search after the last one.
private func countStep(_: UnsafeMutablePointer<pcre2_callout_block_8>?, steps: UnsafeMutableRawPointer?) -> Int32 {
    guard let steps = steps?.assumingMemoryBound(to: Int.self), steps.pointee > 0 else { return PCRE2_ERROR_CALLOUT }
    steps.pointee -= 1
    return 0
}
