// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads a wire type from JSON.
func read<Value: Decodable>(_ json: JSON) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(json.bytes))
}
