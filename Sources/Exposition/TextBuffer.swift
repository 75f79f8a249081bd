// SPDX-License-Identifier: Apache-2.0

internal import Compression

/// Where lines are put together: room is made once per line, not once per byte.
///
/// A page of a million samples is a million copies of a name and a label set; anything done per byte would be most of
/// its cost. All of the module's unsafe code is here.
@safe
struct TextBuffer: ~Copyable {
    /// More than any number takes: 17 digits, sign, point and exponent.
    private static let numberRoom = 32

    private var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// How many bytes there are.
    private(set) var count = 0

    /// An empty buffer.
    ///
    /// - Parameter capacity: the bytes to make room for; with more the buffer moves.
    init(capacity: Int) {
        unsafe start = .allocate(capacity: capacity)
        self.capacity = capacity
    }

    deinit {
        unsafe start.deallocate()
    }

    /// Appends bytes.
    mutating func append(_ bytes: [UInt8]) {
        makeRoom(for: bytes.count)
        copy(bytes.span)
    }

    /// Appends a sample's line: `name{labels} value`, without the braces where there are no labels.
    ///
    /// `range` says where in `labels` its labels stand; `nil` is all of them.
    mutating func appendLine(_ name: [UInt8], _ labels: [UInt8], in range: Range<Int>? = nil, _ value: Double) {
        let labels = labels.span.extracting(range ?? labels.indices)
        makeRoom(for: name.count + labels.count + Self.numberRoom)
        copy(name.span)
        if !labels.isEmpty {
            put("{")
            copy(labels)
            put("}")
        }
        put(" ")
        if let integer = Int64(exactly: value) { copy(integer) } else { copyText(of: value) }
        put("\n")
    }

    /// Passes the bytes on to a compressor and keeps the room.
    mutating func drain(into deflater: inout Deflater?) {
        unsafe deflater?.append(Span(_unsafeStart: start, count: count))
        count = 0
    }

    /// Hands the bytes out and keeps the room.
    mutating func takeAll() -> [UInt8] {
        defer { count = 0 }
        return unsafe Array(UnsafeBufferPointer(start: start, count: count))
    }

    private mutating func makeRoom(for more: Int) {
        guard capacity - count < more else { return }
        capacity = max(count + more, capacity * 2)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        unsafe moved.update(from: start, count: count)
        unsafe start.deallocate()
        unsafe start = moved
    }

    // What follows relies on the room that was made.

    private mutating func put(_ character: Unicode.Scalar) {
        unsafe start[count] = UInt8(truncatingIfNeeded: character.value)
        count += 1
    }

    private mutating func copy(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { source in
            guard let first = source.baseAddress else { return }
            unsafe (start + count).update(from: first, count: source.count)
        }
        count += bytes.count
    }

    private mutating func copyText(of value: Double) {
        let text = value.sampleText
        copy(text.utf8Span.span)
    }

    private mutating func copy(_ integer: Int64) {
        if integer < 0 { put("-") }
        var rest = integer.magnitude
        let end = count + rest.digits
        count = end
        var position = end
        repeat {
            position -= 1
            unsafe start[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
    }
}

extension UInt64 {
    /// How many digits the number has; for what an `Int64` can be.
    fileprivate var digits: Int {
        var (count, bound) = (1, UInt64(10))
        while self >= bound, count < 19 { (count, bound) = (count + 1, bound &* 10) }
        return count
    }
}
