// SPDX-License-Identifier: Apache-2.0

/// When the samples of the past lie: at the boundaries of days, and evenly between them.
package struct SampleGrid: Sendable, Hashable {
    /// The days of the past.
    package let days: Range<Day>
    /// Seconds from one sample to the next; a part of the day that divides it.
    package let spacing: Int

    /// Lays a grid over some days.
    package init(_ days: Range<Day>, every spacing: Int) {
        self.days = days
        self.spacing = spacing
    }

    private var perDay: Int { Day.seconds / spacing }

    /// How many samples a series has that begins at a boundary.
    package func count(from boundary: Int) -> Int { (days.count - boundary) * perDay + 1 }

    /// Calls with the time, in seconds since the epoch, and the value of each sample of a track.
    ///
    /// A day's events are spread evenly over the day, which is how `increase` reads two samples that lie a day apart
    /// too: the daily sums are true, the hours within them are not known. Every value is a whole number.
    package func samples(of track: Track, from first: Int, _ body: (_ time: Int, _ value: Int) -> Void) {
        var (position, low) = (0, 0)
        for boundary in first...days.count {
            while position < track.changes.count, track.changes[position].boundary <= boundary {
                low = Int(track.changes[position].value)
                position += 1
            }
            let time = days.lowerBound.start + boundary * Day.seconds
            guard boundary < days.count else { return body(time, low) }
            let isMoving = position < track.changes.count && track.changes[position].boundary == boundary + 1
            let rise = isMoving ? Int(track.changes[position].value) - low : 0
            for part in 0..<perDay { body(time + part * spacing, low + rise * part / perDay) }
        }
    }
}
