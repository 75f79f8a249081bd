// SPDX-License-Identifier: Apache-2.0

import Exposition
import Outreach

extension Measures {
    /// The values by the names of their metrics, prefix `outreach_` and the thing's own left out.
    var byName: [String: Double] {
        let pairs = Measure.allCases.compactMap { measure in
            self[measure].map { value in
                (measure.family.name.split(separator: "_", maxSplits: 2).last.map(String.init) ?? "", value)
            }
        }
        return Dictionary(pairs) { _, last in last }
    }
}
