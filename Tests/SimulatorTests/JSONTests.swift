// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Simulator

@Suite struct JSONTests {
    @Test("Values are written in order and without spaces")
    func writing() {
        let json: JSON = ["b": 1, "a": [true, nil, .number(0.5)], "c": [:], "d": []]
        #expect(String(decoding: json.bytes, as: UTF8.self) == #"{"b":1,"a":[true,null,0.5],"c":{},"d":[]}"#)
    }

    @Test("Any text survives", arguments: ["\"", "\\", "a\nb\u{0}\u{1f}", "🚀 日本 عملاء", "</script>"])
    func escaping(text: String) throws {
        let bytes = JSON.array([.string(text)]).bytes
        #expect(try JSONDecoder().decode([String].self, from: Data(bytes)) == [text])
    }
}
