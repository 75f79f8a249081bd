// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import TestSupport

/// A transport with the settings of a test.
func transport(_ change: (inout CurlSettings) -> Void = { _ in }) throws -> CurlTransport {
    var settings = CurlSettings(userAgent: "outreach-exporter/test")
    change(&settings)
    return try CurlTransport(settings)
}

extension HTTPRequest {
    /// A request to a server that does not respond; its time limit is no part of the test.
    static func untilCancelled(_ url: String) -> HTTPRequest {
        HTTPRequest(url: url, timeout: .seconds(3600))
    }
}

extension CurlTransport {
    /// Sends a request whose failure is what the test is about.
    func failure(of request: HTTPRequest) async -> TransportError? {
        do throws(TransportError) {
            _ = try await send(request)
            return nil
        } catch {
            return error
        }
    }
}

extension HTTPResponse {
    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
}

extension TransportError {
    /// The error without its text.
    var kind: String {
        switch self {
        case .timedOut: "timedOut"
        case .unreachable: "unreachable"
        case .untrusted: "untrusted"
        case .badEncoding: "badEncoding"
        case .tooLarge: "tooLarge"
        case .busy: "busy"
        case .invalidRequest: "invalidRequest"
        case .cancelled: "cancelled"
        }
    }
}

extension TransportError {
    /// Whether no response came for a reason whose text contains this: the rest differs between versions of libcurl.
    func isUnreachable(saying text: String) -> Bool {
        kind == "unreachable" && description.contains(text)
    }
}

/// What a shell command prints.
@discardableResult
func shell(_ command: String) throws -> [UInt8] {
    try ChildProgram.run("/bin/sh", ["-c", command], withErrors: false).output
}
