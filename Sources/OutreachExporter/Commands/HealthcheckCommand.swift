// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import HTTPServer

/// Asks the running exporter at `/-/healthy`, for container engines and service managers.
struct HealthcheckCommand {
    /// The command line: the address and the paths that the exporter was started with.
    let arguments: Arguments

    /// Takes the command line; without any flag, that of the container's first process, if that is an exporter.
    ///
    /// A health check of an image knows nothing of the flags that its containers are started with.
    ///
    /// - Parameters:
    ///   - arguments: the command line.
    ///   - firstProcess: the command line of process 1, each word ended by a zero byte: proc(5).
    init(_ arguments: Arguments, firstProcess: [UInt8]? = Self.firstProcess) {
        var bare = Arguments()
        bare.command = .healthcheck
        let words = arguments == bare ? firstProcess.flatMap(Self.flags) : nil
        self.arguments = words.flatMap { try? Arguments(parsing: $0) } ?? arguments
    }

    /// Asks, and prints the result; returns the exit status.
    func run() -> Int32 {
        guard let address = arguments.listenAddresses.first else { return 1 }
        if case .network(_, port: 0) = address {
            Output.diagnose("healthcheck needs --web.listen-address with the port that the exporter listens on")
            return UsageError.exitCode
        }
        // The file may have changed, or be unreadable, since the exporter has read it: TLS is tried, not looked up.
        var result = HealthProbe.Result.failed("")
        for isTLS in arguments.webConfigFile == nil ? [false] : [true, false] {
            result = HealthProbe(address, isTLS: isTLS).get(arguments.routePath + "/-/healthy")
            guard case .failed = result else { break }
        }
        return report(result, of: address)
    }

    private func report(_ result: HealthProbe.Result, of address: ListenAddress) -> Int32 {
        switch result {
        case .status(200): Output.print("healthy: \(address)")
        case .status(401): Output.print("healthy: \(address) asks for a password")
        case .status(429), .status(503): Output.print("healthy: \(address) has too many requests")
        case .wantsCertificate: Output.print("healthy: \(address) asks for a client certificate")
        case .status(let status): fail("\(address) answers with status \(status)")
        case .failed(let reason): fail("\(address): \(reason)")
        }
    }

    private func fail(_ reason: String) -> Int32 {
        Output.diagnose("not healthy: \(reason)")
        return 1
    }

    /// The words after the program's name, which an init process may stand in front of.
    private static func flags(in commandLine: [UInt8]) -> [String]? {
        let words = commandLine.split(separator: 0, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard let program = words.firstIndex(where: { $0.split(separator: "/").last == "outreach-exporter" }) else {
            return nil
        }
        return Array(words[(program + 1)...].dropLast())
    }

    private static var firstProcess: [UInt8]? {
        (try? Data(contentsOf: URL(filePath: "/proc/1/cmdline"))).map { Array($0) }
    }
}
