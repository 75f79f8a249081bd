// SPDX-License-Identifier: Apache-2.0

extension Collection<String> {
    /// The word that somebody who wrote `word` most likely meant, if one is near.
    package func nearest(to word: String) -> String? {
        let letters = Array(word.prefix(64))
        let allowed = Swift.max(1, letters.count / 3)
        return map { (word: $0, distance: editDistance(letters, Array($0))) }
            .filter { $0.distance <= allowed }
            .min { $0.distance < $1.distance }?.word
    }
}

/// How many letters to add, drop, replace or swap with their neighbour turn one word into the other.
private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
        var current = [row + 1]
        for column in right.indices {
            let isSame = left[row] == right[column]
            var least = min(last[column + 1] + 1, current[column] + 1, last[column] + (isSame ? 0 : 1))
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                least = min(least, beforeLast[column - 1] + 1)
            }
            current.append(least)
        }
        (beforeLast, last) = (last, current)
    }
    return last[right.count]
}
