// SPDX-License-Identifier: Apache-2.0

import Compression
import HTTPServer

/// Providers that mean harm: the first part of a path names what is done to whoever asks.
enum HostileProviders {
    /// What never is an answer, and the account with it down.
    static let payloads = ["gigabyte", "bomb", "nested", "nested-objects", "digits", "exponent"]

    /// Answers of up to 15 MB with more values than an answer may have, compressed to a few kB.
    static let values = ["zeros", "objects", "names-without-end"]

    /// Answers any route of a trap alike.
    static func answer(to request: Request) -> Response {
        let payload = request.path.split(separator: "/").first.map(String.init) ?? ""
        switch payload {
        case "gigabyte": return json([Array("[".utf8)] + [[UInt8]](repeating: megabyte, count: 1024))
        case "bomb": return json(bomb, headers: [("Content-Encoding", "gzip")])
        case "zeros": return json(packed("0,", "0"), headers: [("Content-Encoding", "gzip")])
        case "objects": return json(packed("{},", "{}"), headers: [("Content-Encoding", "gzip")])
        case "names-without-end": return json(numbered, headers: [("Content-Encoding", "gzip")])
        case "nested": return json(String(repeating: "[", count: 100_000))
        case "nested-objects": return json(String(repeating: #"{"data":"#, count: 100_000))
        case "digits": return json(listing(number: String(repeating: "9", count: 1_000_000)))
        case "exponent": return json(listing(number: "1e999999999"))
        case "names": return json(named(names, request.path))
        case "slow-names": return json(named(slowNames, request.path))
        default: return json(#"{"success":false,"message":"\#(message)"}"#, status: 400)
        }
    }

    /// Names that try to leave the place where they stand.
    static let names = [
        "line\nfeed\r\nand\ttab", #"quote " backslash \ brace } {"#, "\u{202E}gnp.exe\u{2066}", "\u{7}bell\u{1B}[2J",
        "<script>document.title='taken'</script>", "\n# TYPE outreach_campaign_info gauge\nforged 1",
    ]

    /// Names over which a backtracking regular expression would think for ever.
    static let slowNames = [
        "Outreach to founders in Berlin and Munich 2024!", String(repeating: "a", count: 60) + "!",
        String(repeating: "name and ", count: 12_000),
    ]

    /// An error that would like to be another line of the log, and part of the status page.
    private static let message =
        #"<script>x</script>\nts=2026-01-01T00:00:00Z level=info msg=\"all is well\" \u202e\u0007"#

    private static let megabyte = [UInt8](repeating: UInt8(ascii: " "), count: 1 << 20)

    /// A gigabyte of blanks in a megabyte: the same piece a thousand times.
    private static let bomb: [[UInt8]] = {
        let piece = DeflatePiece(chunks: [Deflater().deflate(megabyte.span)], checksum: Checksum(of: megabyte.span))
        return GzipMember.splice([DeflatePiece](repeating: piece, count: 1024))
    }()

    /// A list of 15 MB under every name that a listing has.
    private static func packed(_ item: String, _ last: String) -> [[UInt8]] {
        let items = String(repeating: item, count: (15 << 20) / item.utf8.count) + last
        return gzip("{\"success\":true,\"items\":[" + items + "],\"campaigns\":[],\"data\":[]}")
    }

    /// An object with 900,000 names.
    private static let numbered = gzip(
        "{" + (0..<900_000).map { "\"k\($0)\":0" }.joined(separator: ",") + "}"
    )

    private static func gzip(_ text: String) -> [[UInt8]] {
        let bytes = Array(text.utf8)
        let piece = DeflatePiece(chunks: [Deflater().deflate(bytes.span)], checksum: Checksum(of: bytes.span))
        return GzipMember.splice([piece])
    }

    /// One campaign whose numbers are all this, in as many of the APIs' forms as one answer can have.
    private static func listing(number: String) -> String {
        let row =
            #"{"_id":"c","id":"c","campaign_id":"c","name":"n","stats":{"totalEmailsSent":\#(number)},"sent":\#(number)}"#
        return #"{"success":true,"data":[\#(row)],"items":[\#(row)],"campaigns":[\#(row)],"#
            + #""pagination":{"hasMore":false}}"#
    }

    private static func named(_ names: [String], _ path: String) -> String {
        if path.hasSuffix("/campaigns") {
            let rows = names.enumerated().map { #"{"_id":"c\#($0)","name":\#(quoted($1)),"status":"active"}"# }
            return #"{"success":true,"data":[\#(rows.joined(separator: ","))],"pagination":{"hasMore":false}}"#
        }
        guard path.hasSuffix("/analytics") else { return #"{"success":true,"data":[]}"# }
        return #"{"success":true,"data":{"stats":{"sent":7}}}"#
    }

    private static func quoted(_ text: String) -> String {
        let units = text.utf16.map { unit in
            let digits = String(unit, radix: 16)
            return #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
        }
        return "\"" + units.joined() + "\""
    }

    private static func json(_ text: String, status: Int = 200) -> Response {
        var response = json([Array(text.utf8)])
        response.status = status
        return response
    }

    private static func json(_ body: [[UInt8]], headers: [(name: String, value: String)] = []) -> Response {
        Response(headers: [("Content-Type", "application/json")] + headers, body: body)
    }
}
