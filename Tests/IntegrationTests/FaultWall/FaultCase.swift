// SPDX-License-Identifier: Apache-2.0

import Simulator
import Testing

/// A fault at a provider at some point of the exporter's life.
struct FaultCase: Sendable, CustomTestStringConvertible {
    /// When the fault strikes.
    enum Phase: String, Sendable, CaseIterable {
        case fromStart = "from the start"
        case afterGoodCycle = "after a good cycle"
        case atRestart = "at a restart from the archive"
    }

    let fault: Fault
    let platform: Platform
    let phase: Phase

    /// Every fault at every provider in every phase.
    static let all = Fault.allCases.flatMap { fault in
        Platform.allCases.flatMap { platform in
            Phase.allCases.map { FaultCase(fault: fault, platform: platform, phase: $0) }
        }
    }

    var testDescription: String { "\(fault.rawValue) at \(platform.rawValue) \(phase.rawValue)" }
    /// Whether there was a good cycle before.
    var hasPast: Bool { phase != .fromStart }
}
