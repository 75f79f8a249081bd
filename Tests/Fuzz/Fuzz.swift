// SPDX-License-Identifier: Apache-2.0

import Foundation

private let subject = Subject(rawValue: ProcessInfo.processInfo.environment["FUZZ_SUBJECT"] ?? "")

/// Takes libFuzzer's inputs, whose library brings `main`: `FUZZ_SUBJECT=accept Fuzz -max_total_time=60 corpus/`.
@_cdecl("LLVMFuzzerTestOneInput")
package func takeInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let subject else {
        print("FUZZ_SUBJECT is one of \(Subject.allCases.map(\.rawValue).joined(separator: " "))")
        exit(2)
    }
    subject.take(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
