// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import HTTPServer

/// The simulator's own endpoints: description, faults and speed.
///
/// | path | method | body |
/// |---|---|---|
/// | `/` | GET | a short text |
/// | `/faults` | GET | `{"faults":["lemlist:slow"]}` |
/// | `/faults` | POST | the same form; replaces the active faults, 400 with the known names for an unknown one |
/// | `/speed` | GET | `{"speed":600}` |
/// | `/speed` | POST | the same form; simulated seconds per second from now on, 0 stops the clock |
///
/// Faults and speed are for clients on this machine, unless the settings allow others, and never for web pages elsewhere.
struct ControlEndpoints {
    private struct FaultSettings: Decodable {
        let faults: [String]
    }

    private struct Speed: Decodable {
        let speed: Double
    }

    let simulator: Simulator

    /// The response to a request outside the providers' paths.
    func respond(to request: Request) -> Response {
        if let rejection = rejection(of: request) { return rejection }
        return switch (request.path, request.method) {
        case ("/", "GET"), ("/", "HEAD"): .text(ControlEndpoints.welcome)
        case ("/faults", "GET"): faults
        case ("/faults", "POST"): setFaults(request.body)
        case ("/speed", "GET"): speed
        case ("/speed", "POST"): setSpeed(request.body)
        case ("/", _): .text("Method not allowed\n", status: 405, headers: [("Allow", "GET, HEAD")])
        case ("/faults", _), ("/speed", _):
            .text("Method not allowed\n", status: 405, headers: [("Allow", "GET, POST")])
        default: .text("Not found\n", status: 404)
        }
    }

    private func rejection(of request: Request) -> Response? {
        guard ["/faults", "/speed"].contains(request.path) else { return nil }
        guard request.isLocal || simulator.settings.allowsRemoteControl else {
            let advice = "ask from there, or start it with --simulator.remote-control"
            return .text("Only the machine of the simulator controls it: \(advice).\n", status: 403)
        }
        return simulator.crossOrigin.rejection(of: request)
    }

    private var faults: Response {
        let names = simulator.faultState.rules.map { JSON.string($0.description) }
        return ProviderResponse.json(["faults": .array(names)]).serialized
    }

    private var speed: Response {
        ProviderResponse.json(["speed": .number(simulator.clock.speed)]).serialized
    }

    private func setFaults(_ body: [UInt8]) -> Response {
        guard let form = try? JSONDecoder().decode(FaultSettings.self, from: Data(body)) else {
            return .text("expected {\"faults\": [\"name\", \"provider:name\"]}\n", status: 400)
        }
        do throws(FaultRule.Unknown) {
            simulator.setFaults(try form.faults.map { name throws(FaultRule.Unknown) in try FaultRule(name) })
            return faults
        } catch {
            return .text("\(error)\n", status: 400)
        }
    }

    /// A simulated century in an hour.
    private static let maximumSpeed = 1e6

    private func setSpeed(_ body: [UInt8]) -> Response {
        guard let form = try? JSONDecoder().decode(Speed.self, from: Data(body)),
            (0...Self.maximumSpeed).contains(form.speed)
        else {
            return .text("expected {\"speed\": 600}, 0 to \(Int(Self.maximumSpeed))\n", status: 400)
        }
        simulator.setSpeed(form.speed)
        return speed
    }

    private static let welcome = """
        The simulator of outreach-exporter: the APIs of cold-outreach platforms answered from an invented world.

        Base URLs:
        \(SimulatedProvider.allCases.map { "  \($0.server.title): \($0.path)" }.joined(separator: "\n"))

        Any API key opens an account of its own, but for those that begin with "bad-". GET and POST /faults show and replace what goes wrong:
        {"faults": ["lemlist:server-error", "slow"]}. GET and POST /speed: {"speed": 600}.

        """
}
