// SPDX-License-Identifier: Apache-2.0

import Outreach
import Testing

@testable import OutreachExporter

@Suite struct ReloadStateTests {
    @Test("is good again only when the last reading of every part succeeded, and moves its time only then")
    func parts() {
        let state = ReloadState(at: Timestamp(seconds: 1))
        #expect(state.value.successful && state.value.lastSuccess.seconds == 1)
        state.fail(.web)
        state.succeed(.settings, at: Timestamp(seconds: 2))
        #expect(!state.value.successful && state.value.lastSuccess.seconds == 1)
        state.fail(.settings)
        state.succeed(.web, at: Timestamp(seconds: 3))
        #expect(!state.value.successful && state.value.lastSuccess.seconds == 1)
        state.succeed(.settings, at: Timestamp(seconds: 4))
        #expect(state.value.successful && state.value.lastSuccess.seconds == 4)
    }
}
