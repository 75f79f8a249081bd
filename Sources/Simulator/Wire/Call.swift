// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import HTTPServer

/// A call that a route answers: the request, and the world as its caller sees it.
struct Call {
    let request: Request
    /// The texts in place of the route's variables.
    let variables: [String]
    let scene: Scene
    let clock: SimulatedClock
    let faults: Set<Fault>

    /// The text in place of the route's first variable.
    var id: String { variables.first ?? "" }

    /// The first value of a query field that has one.
    func query(_ name: String) -> String? {
        request.query.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// All values of a query field.
    func queries(_ name: String) -> [String] {
        request.query.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
    }

    /// The body as a JSON object of this form; `nil` where it is none.
    func body<Form: Decodable>(_ form: Form.Type) -> Form? {
        try? JSONDecoder().decode(form, from: Data(request.body))
    }

    /// A moment as the wire shows it.
    func timestamp(_ moment: Moment) -> JSON {
        .string(CivilDate(seconds: clock.date(of: moment)).timestamp)
    }
}
