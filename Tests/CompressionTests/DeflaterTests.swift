// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Compression

@Suite("Deflate pieces and the gzip member spliced from them")
struct DeflaterTests {
    @Test(
        "What goes in comes out, whatever the size and level",
        arguments: [0, 1, 4_095, Deflater.blockSize, 70_000, 300_000],
        [1, 6, 9]
    )
    func roundTrip(size: Int, level: Int) throws {
        let bytes = noise(size)
        let piece = piece(of: [bytes], level: level)
        #expect(piece.length == size)
        #expect(try gunzip(GzipMember.splice([piece])) == bytes)
    }

    @Test("What is stored comes out too, between compressed pieces", arguments: [0, 1, 65_535, 65_536, 200_000])
    func stored(size: Int) throws {
        let bytes = noise(size)
        let stored = DeflatePiece(storing: [bytes, [4], []])
        #expect(stored.length == size + 1)
        #expect(stored.byteCount - size < 30)
        let ends = piece(of: [[1, 2, 3]])
        #expect(try gunzip(GzipMember.splice([ends, stored, ends])) == [1, 2, 3] + bytes + [4, 1, 2, 3])
    }

    @Test("Bytes may come in portions of any size")
    func portions() throws {
        let bytes = noise(300_000)
        let portions = stride(from: 0, to: bytes.count, by: 7_777).map {
            Array(bytes[$0..<min($0 + 7_777, bytes.count)])
        }
        #expect(try gunzip(GzipMember.splice([piece(of: portions)])) == bytes)
    }

    @Test("Compressed bytes come in chunks, each full but the last, that add up")
    func chunks() {
        let piece = piece(of: [noise(600_000)])
        #expect(piece.chunks.count > 4)
        #expect(piece.chunks.dropLast().allSatisfy { $0.count == 128 << 10 })
        #expect(piece.byteCount == piece.chunks.joined().count)
    }

    @Test("However long a body, its chunks are few enough to be sent without copying", arguments: [30 << 20, 1 << 30])
    func fewChunks(length: Int) {
        var (count, position) = (0, 0)
        while position < length { (count, position) = (count + 1, position + ChunkSize.next(after: position)) }
        #expect(count < 240)
    }

    @Test("Pieces can be concatenated in any order and repeatedly, empty ones too")
    func splice() throws {
        let texts = ["", "first\n", String(repeating: "second\n", count: 10_000), "first\n"].map { Array($0.utf8) }
        let pieces = texts.map { piece(of: [$0]) }
        #expect(try gunzip(GzipMember.splice(pieces)) == Array(texts.joined()))
        #expect(try gunzip(GzipMember.splice(pieces.reversed())) == Array(texts.reversed().joined()))
    }

    @Test("A member of no pieces is an empty file")
    func nothing() throws {
        #expect(try gunzip(GzipMember.splice([])) == [])
    }

    @Test("Splicing shares the chunks instead of copying them")
    func shared() {
        let piece = piece(of: [noise(500_000)])
        let spliced = GzipMember.splice([piece])
        for (index, chunk) in piece.chunks.enumerated() {
            let same = chunk.withUnsafeBytes { left in
                spliced[index + 1].withUnsafeBytes { left.baseAddress == $0.baseAddress }
            }
            #expect(same)
        }
    }

    @Test("The test's decoder detects a wrong checksum, a wrong length and a second member")
    func decoder() {
        let good = piece(of: [noise(100)])
        let wrongSum = DeflatePiece(chunks: good.chunks, checksum: good.checksum ^ 1, length: good.length)
        let wrongLength = DeflatePiece(chunks: good.chunks, checksum: good.checksum, length: good.length + 1)
        #expect(throws: GunzipError.self) { try gunzip(GzipMember.splice([wrongSum])) }
        #expect(throws: GunzipError.self) { try gunzip(GzipMember.splice([wrongLength])) }
        #expect(throws: GunzipError.self) { try gunzip(GzipMember.splice([good]) + GzipMember.splice([good])) }
    }

    private func piece(of portions: [[UInt8]], level: Int = 1) -> DeflatePiece {
        var deflater = Deflater(level: level)
        for portion in portions { deflater.append(portion.span) }
        return deflater.finish()
    }

    /// Bytes that hardly compress, the same in every run.
    private func noise(_ count: Int) -> [UInt8] {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        return (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state)
        }
    }
}
