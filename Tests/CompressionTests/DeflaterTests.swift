// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Compression

@Suite("Deflate pieces and the gzip member spliced from them")
struct DeflaterTests {
    @Test(
        "What goes in comes out, whatever the size and level",
        arguments: [0, 1, 4_095, Deflater.stretchLength, 70_000, 300_000],
        [1, 6, 9]
    )
    func roundTrip(size: Int, level: Int) throws {
        let bytes = noise(size)
        let piece = piece(of: bytes, level: level)
        #expect(piece.checksum.length == size)
        #expect(try gunzip(GzipMember.splice([piece])) == bytes)
    }

    @Test("What is stored comes out too, between compressed pieces", arguments: [0, 1, 65_535, 65_536, 200_000])
    func stored(size: Int) throws {
        let bytes = noise(size)
        let stored = DeflatePiece(storing: bytes)
        #expect(stored.checksum.length == size)
        #expect(stored.chunks.joined().count - size < 30)
        let ends = piece(of: [1, 2, 3])
        #expect(try gunzip(GzipMember.splice([ends, stored, ends])) == [1, 2, 3] + bytes + [1, 2, 3])
    }

    @Test("A text is compressed to the same bytes whatever was compressed before it")
    func independence() {
        let deflater = Deflater()
        let text = Array(String(repeating: "the same line\n", count: 100).utf8)
        let others = noise(100_000)
        let first = deflater.deflate(text.span)
        _ = deflater.deflate(others.span)
        let again = deflater.deflate(text.span)
        #expect(again == first)
        #expect(first.count < text.count / 10)
    }

    @Test("Checksums of concatenated texts follow from those of the texts, however they are put together")
    func checksums() {
        let texts = [0, 1, 100, 70_000].map { noise($0) }
        let whole = checksum(of: Array(texts.joined()))
        var oneByOne = Checksum()
        for text in texts { oneByOne.append(checksum(of: text)) }
        #expect(oneByOne == whole)
        var (start, end) = (checksum(of: texts[0] + texts[1]), checksum(of: texts[2]))
        end.append(checksum(of: texts[3]))
        start.append(end)
        #expect(start == whole)
    }

    @Test("Pieces can be concatenated in any order and repeatedly, empty ones too")
    func splice() throws {
        let texts = ["", "first\n", String(repeating: "second\n", count: 10_000), "first\n"].map { Array($0.utf8) }
        let pieces = texts.map { piece(of: $0) }
        #expect(try gunzip(GzipMember.splice(pieces)) == Array(texts.joined()))
        #expect(try gunzip(GzipMember.splice(pieces.reversed())) == Array(texts.reversed().joined()))
    }

    @Test("A member of no pieces is an empty file")
    func nothing() throws {
        #expect(try gunzip(GzipMember.splice([])) == [])
    }

    @Test("Splicing shares the chunks instead of copying them")
    func shared() {
        let piece = piece(of: noise(500_000))
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
        let good = piece(of: noise(100))
        let wrongSum = DeflatePiece(chunks: good.chunks, checksum: checksum(of: noise(99) + [0]))
        let wrongLength = DeflatePiece(chunks: good.chunks, checksum: checksum(of: noise(101)))
        #expect(throws: GunzipError.self) { try gunzip(GzipMember.splice([wrongSum])) }
        #expect(throws: GunzipError.self) { try gunzip(GzipMember.splice([wrongLength])) }
        #expect(throws: GunzipError.self) { try gunzip(GzipMember.splice([good]) + GzipMember.splice([good])) }
    }

    private func piece(of text: [UInt8], level: Int = 1) -> DeflatePiece {
        DeflatePiece(chunks: [Deflater(level: level).deflate(text.span)], checksum: checksum(of: text))
    }

    private func checksum(of text: [UInt8]) -> Checksum { Checksum(of: text.span) }

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
