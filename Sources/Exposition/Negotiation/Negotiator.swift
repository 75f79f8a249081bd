// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Chooses format and coding, and remembers the last question: a Prometheus always asks the same.
///
/// To take its `Accept` apart would be a third of a small scrape.
package final class Negotiator: Sendable {
    /// What a scrape asks for.
    private struct Question: Equatable {
        let accept: String?
        let acceptEncoding: String?
    }

    private let last = Mutex<(question: Question, answer: (ContentType, ContentCoding))?>(nil)

    /// A negotiator that was asked nothing yet.
    package init() {}

    /// The format and coding for a scrape with these header fields.
    package func answer(accept: String?, acceptEncoding: String?) -> (type: ContentType, coding: ContentCoding) {
        let question = Question(accept: accept, acceptEncoding: acceptEncoding)
        if let last = last.withLock({ $0 }), last.question == question { return last.answer }
        let answer = (ContentType(accepting: accept), ContentCoding(accepting: acceptEncoding))
        last.withLock { $0 = (question, answer) }
        return answer
    }
}
