// SPDX-License-Identifier: Apache-2.0

/// A growing buffer of text whose capacity is checked once per line, not per byte.
///
/// A page of a million samples is a million copies of a name and a label set; a check per byte would be most of its cost.
/// All of the module's unsafe code is here.
@safe
struct TextBuffer: ~Copyable {
    /// More than the longest number: 17 digits, sign, point and exponent.
    private static let maxNumberLength = 32

    private var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    /// - Parameter capacity: the number of bytes to allocate; beyond it the buffer grows.
    init(capacity: Int) {
        unsafe start = .allocate(capacity: capacity)
        self.capacity = capacity
    }

    deinit {
        unsafe start.deallocate()
    }

    mutating func append(_ bytes: [UInt8]) {
        reserveCapacity(for: bytes.count)
        copy(bytes.span)
    }

    /// Appends a sample's line: `name{labels} value`, without the braces where there are no labels.
    ///
    /// `range` is the range of its labels in `labels`; `nil` for all.
    mutating func appendLine(_ name: [UInt8], _ labels: [UInt8], in range: Range<Int>? = nil, _ value: Double) {
        let labels = labels.span.extracting(range ?? labels.indices)
        reserveCapacity(for: name.count + labels.count + Self.maxNumberLength)
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

    /// Passes the bytes, if any, to an encoder and empties the buffer, whose memory is kept.
    mutating func drain(into encoder: BlockEncoder) {
        guard count > 0 else { return }
        var hasher = Hasher()
        unsafe hasher.combine(bytes: UnsafeRawBufferPointer(start: start, count: count))
        unsafe encoder.append(Span(_unsafeStart: start, count: count), fingerprint: hasher.finalize())
        count = 0
    }

    /// Returns the bytes and empties the buffer, whose memory is kept.
    mutating func takeAll() -> [UInt8] {
        defer { count = 0 }
        return unsafe Array(UnsafeBufferPointer(start: start, count: count))
    }

    private mutating func reserveCapacity(for more: Int) {
        guard capacity - count < more else { return }
        capacity = max(count + more, capacity * 2)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        unsafe moved.update(from: start, count: count)
        unsafe start.deallocate()
        unsafe start = moved
    }

    // These rely on `reserveCapacity`.

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

extension [UInt8] {
    mutating func append(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}

extension UInt64 {
    /// The number of decimal digits, up to the 19 of an `Int64`.
    fileprivate var digits: Int {
        var (count, bound) = (1, UInt64(10))
        while self >= bound, count < 19 { (count, bound) = (count + 1, bound &* 10) }
        return count
    }
}
