// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// One request under way.
final class Transfer {
    /// How a request ends.
    typealias Outcome = Result<HTTPResponse, TransportError>
    /// Who waits for the end.
    typealias Continuation = CheckedContinuation<Outcome, Never>

    /// libcurl's side of it.
    let easy: EasyHandle
    /// When its time is over.
    let deadline: ContinuousClock.Instant
    /// Who waits for the end.
    let continuation: Continuation
    private let fields: FieldList
    private let body: ResponseBody

    /// Prepares a request.
    ///
    /// - Throws: `invalidRequest` for what cannot or must not be sent.
    init(
        _ request: HTTPRequest,
        id: Int,
        _ settings: CurlSettings,
        _ continuation: Continuation
    ) throws(TransportError) {
        guard request.method.isToken else { throw .invalidRequest("a method that is no token") }
        let url = try RequestURL(request.url)
        deadline = .now + request.timeout
        self.continuation = continuation
        body = ResponseBody(limit: settings.responseLimit)
        easy = try EasyHandle(id: id)
        fields = try FieldList(request)
        try easy.apply(settings)
        try easy.setTarget(url)
        try easy.setReceiver(body)
        try easy.setMethod(request.method, body: request.body)
        try easy.set(CURLOPT_HTTPHEADER, UnsafeMutableRawPointer(fields.pointer))
    }

    /// What libcurl's verdict means for the one who waits.
    func outcome(_ code: CURLcode) -> Outcome {
        guard code == CURLE_OK else { return .failure(failure(code)) }
        return .success(
            HTTPResponse(status: easy.number(CURLINFO_RESPONSE_CODE), headers: easy.headers(), body: body.bytes)
        )
    }

    private func failure(_ code: CURLcode) -> TransportError {
        body.isTooLarge ? .tooLarge(limit: body.limit) : TransportError(code, of: easy)
    }
}
