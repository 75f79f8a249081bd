// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Exposition

private let text004 = "text/plain; version=0.0.4; charset=utf-8"
private let text100 = "text/plain; version=1.0.0; charset=utf-8; escaping=underscores"
private let text100UTF8 = "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8"
private let text100Values = "text/plain; version=1.0.0; charset=utf-8; escaping=values"
private let open001 = "application/openmetrics-text; version=0.0.1; charset=utf-8"
private let open100 = "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores"
private let open100UTF8 = "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8"

@Suite("Content negotiation")
struct ContentNegotiationTests {
    /// Each client's header, taken apart at the commas.
    static let knownClients: [(client: String, accept: [String], answer: String)] = [
        (
            "Prometheus 2.42",
            [
                "application/openmetrics-text;version=1.0.0",
                "application/openmetrics-text;version=0.0.1;q=0.75",
                "text/plain;version=0.0.4;q=0.5",
                "*/*;q=0.1",
            ],
            open100
        ),
        (
            "Prometheus 2.42 with native histograms",
            [
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
                "application/openmetrics-text;version=1.0.0;q=0.8",
                "application/openmetrics-text;version=0.0.1;q=0.75",
                "text/plain;version=0.0.4;q=0.5",
                "*/*;q=0.1",
            ],
            open100
        ),
        (
            "Prometheus 2.49.0, whose last weight is out of range",
            [
                "application/openmetrics-text;version=1.0.0;q=0.5",
                "application/openmetrics-text;version=0.0.1;q=0.4",
                "text/plain;version=0.0.4;q=0.3",
                "*/*;q=2",
            ],
            open100
        ),
        (
            "Prometheus 2.49.1 to 2.55",
            [
                "application/openmetrics-text;version=1.0.0;q=0.5",
                "application/openmetrics-text;version=0.0.1;q=0.4",
                "text/plain;version=0.0.4;q=0.3",
                "*/*;q=0.2",
            ],
            open100
        ),
        (
            "Prometheus 3.0.0, which names the escaping everywhere and once twice",
            [
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6",
                "application/openmetrics-text;version=0.0.1;escaping=allow-utf-8;q=0.5",
                "text/plain;version=1.0.0;escaping=allow-utf-8;escaping=allow-utf-8;q=0.4",
                "text/plain;version=0.0.4;escaping=allow-utf-8;q=0.3",
                "*/*;escaping=allow-utf-8;q=0.2",
            ],
            open100UTF8
        ),
        (
            "Prometheus 3.x",
            [
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6",
                "application/openmetrics-text;version=0.0.1;q=0.5",
                "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4",
                "text/plain;version=0.0.4;q=0.3",
                "*/*;q=0.2",
            ],
            open100UTF8
        ),
        (
            "Prometheus 3.x with the legacy validation of names, protobuf first",
            [
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6",
                "application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.5",
                "application/openmetrics-text;version=0.0.1;q=0.4",
                "text/plain;version=1.0.0;escaping=underscores;q=0.3",
                "text/plain;version=0.0.4;q=0.2",
                "*/*;q=0.1",
            ],
            open100
        ),
        (
            "Prometheus 3.x told to ask for text 1.0.0 first",
            [
                "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6",
                "text/plain;version=0.0.4;q=0.5",
                "*/*;q=0.4",
            ],
            text100UTF8
        ),
        (
            "VictoriaMetrics 1.79",
            [
                "text/plain;version=0.0.4;q=1",
                "*/*;q=0.1",
            ],
            text004
        ),
        (
            "curl",
            [
                "*/*"
            ],
            text004
        ),
        (
            "Chromium",
            [
                "text/html",
                "application/xhtml+xml",
                "application/xml;q=0.9",
                "image/avif",
                "image/webp",
                "image/apng",
                "*/*;q=0.8",
                "application/signed-exchange;v=b3;q=0.7",
            ],
            text004
        ),
    ]

    @Test("Known clients get what they like best", arguments: knownClients)
    func clients(client: String, accept: [String], answer: String) {
        #expect(ContentType(accepting: accept.joined(separator: ",")).value == answer)
        #expect(ContentType(accepting: accept.joined(separator: ", ")).value == answer)
    }

    @Test("No header at all means anything")
    func noAccept() {
        #expect(ContentType(accepting: nil).value == text004)
    }

    /// Odd headers; `OM` stands for the media type of OpenMetrics.
    static let oddRanges: [(accept: String, answer: String)] = [
        ("", text004),
        (",,;,", text004),
        ("text/*", text004),
        ("text/plain", text004),
        ("TEXT/Plain", text004),
        ("application/*", open100),
        ("OM", open100),
        ("OM;version=0.0.1", open001),
        ("OM; version=\"0.0.1\"", open001),
        ("OM;version=0.0.1;escaping=values", open001),
        ("OM;version=2.0.0", text004),
        ("text/plain;version=0.0.3,OM", open100),
        ("text/plain;version=1.0.0", text100),
        ("text/plain;version=1.0.0;escaping=values", text100Values),
        ("text/plain;version=1.0.0;escaping=dots", text100),
        ("text/plain;version=1.0.0;escaping=nonsense", text100),
        ("text/plain;version=1.0.0;escaping=Allow-UTF-8", text100UTF8),
        ("text/plain;version=1.0.0;version=0.0.4", text100),
        ("image/png", text004),
        ("text/html;q=1", text004),
        ("text/plain;q=0,*/*", open100),
        ("*/*;q=0", text004),
        ("text/plain;q=0, OM;q=0.001", open100),
        ("text/plain;q=0.4,OM;q=0.5", open100),
        ("text/plain;q=0.5,OM;q=0.5", text004),
        ("OM;q=0.5,text/plain;q=0.5", open100),
        ("*/*,OM", open100),
        ("*/plain,OM", open100),
        ("text/plain ; version = 1.0.0 ; q = 0.3 , OM\t;q=0.2", text100),
        ("text/plain;q=1.1,OM;q=0.1", open100),
        ("text/plain;q=,OM;q=0.1", open100),
        ("text/plain;q=-1,OM;q=0.1", open100),
        ("text/plain;q=0x1,OM;q=0.1", open100),
        ("text/plain;q=nan,OM;q=0.1", open100),
        ("text/plain;q=0.9;q=0,OM;q=0.1", text004),
        ("text/plain;;version=0.0.4;", text004),
        ("text/plain;a=\"x,OM;q=1\",OM;q=0.5", text004),
        ("text/plain;a=\"\\\",OM\";q=0.1,OM;q=0.5", open100),
        ("text/plain;a=\"never closed,OM", text004),
        ("text", text004),
        ("text/plain/x,OM", open100),
    ]

    @Test("Ranges, weights and parameters are read as RFC 9110 has them", arguments: oddRanges)
    func ranges(accept: String, answer: String) {
        let header = accept.split(separator: "OM", omittingEmptySubsequences: false)
            .joined(separator: "application/openmetrics-text")
        #expect(ContentType(accepting: header).value == answer)
    }

    /// Headers and what they ask for.
    static let oddCodings: [(accept: String?, coding: ContentCoding)] = [
        (nil, .identity),
        ("", .identity),
        ("gzip", .gzip),
        ("identity", .identity),
        ("gzip, deflate, br, zstd", .gzip),
        ("deflate", .identity),
        ("GZIP", .gzip),
        ("x-gzip", .gzip),
        ("gzip;q=0", .identity),
        ("gzip;q=0.0", .identity),
        ("gzip;q=0.001", .gzip),
        ("*", .gzip),
        ("*;q=0", .identity),
        ("gzip;q=0,*", .identity),
        ("identity;q=0", .identity),
        ("identity;q=0,gzip;q=0", .identity),
        ("identity;q=0,gzip", .gzip),
        ("*;q=0,gzip;q=0.1", .gzip),
        ("gzip;q=0.5,identity;q=0.5", .gzip),
        ("gzip;q=0.4,identity;q=0.5", .identity),
        ("gzip;q=0.5,identity", .identity),
        ("identity;q=0.1,*;q=0.2", .gzip),
        ("gzip;q=x", .identity),
        ("gzip;q=2", .identity),
        ("gzip ; q = 1", .gzip),
        (" ,gzip", .gzip),
        ("gzipped", .identity),
        ("gzip;q=1,gzip;q=0", .gzip),
        ("gzip;level=9", .gzip),
    ]

    @Test("Gzip is sent to those who take it", arguments: oddCodings)
    func codings(accept: String?, coding: ContentCoding) {
        #expect(ContentCoding(accepting: accept) == coding)
    }

    @Test("Caching the last choice changes no result")
    func remembering() {
        let negotiator = ContentNegotiator()
        let questions = [(nil, nil), ("application/openmetrics-text", "gzip"), ("*/*", "gzip"), ("*/*", nil)]
        for (accept, acceptEncoding) in questions.flatMap({ [$0, $0] }) + questions {
            let answer = negotiator.negotiate(accept: accept, acceptEncoding: acceptEncoding)
            #expect(answer.type == ContentType(accepting: accept))
            #expect(answer.coding == ContentCoding(accepting: acceptEncoding))
        }
    }
}
