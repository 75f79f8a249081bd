// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Glibc
internal import Outreach
internal import Providers

/// The command.
@main
enum OutreachExporter {
    static func main() {
        if let shortage = ThreadCheck.settle() {
            Output.diagnose(shortage)
            exit(1)
        }
        Limits.settle()
        do throws(UsageError) {
            let arguments = try Arguments(parsing: Array(CommandLine.arguments.dropFirst()))
            let signals = Signals()
            // The one task that nothing waits for: it ends the process, whose main thread belongs to the signals.
            Task { @concurrent in exit(await run(arguments, until: signals.requests)) }
            signals.wait()
        } catch {
            Output.diagnose("\(error)")
            exit(UsageError.exitCode)
        }
    }

    /// Does what the command line says; returns the exit status.
    private static func run(_ arguments: Arguments, until signals: AsyncStream<Signals.Request>) async -> Int32 {
        if arguments.asksForHelp { return show("\(Help(kinds: providerKinds))") }
        if arguments.asksForVersion { return show(Build.description) }
        let log = Log(level: arguments.logLevel, format: arguments.logFormat)
        let source = SettingsSource.commandLine(arguments, environment: ProcessInfo.processInfo.environment)
        switch arguments.command {
        case .run where arguments.checksConfig, .backfill where arguments.checksConfig, .check:
            return await CheckCommand(
                source: source,
                webConfigFile: arguments.webConfigFile,
                triesKeys: !arguments.checksConfig,
                log: log
            )
            .run(until: signals)
        case .run: return await RunCommand(arguments: arguments, source: source, log: log).run(until: signals)
        case .demo: return await DemoCommand(arguments: arguments, log: log).run(until: signals)
        case .simulate: return await SimulateCommand(arguments: arguments, log: log).run(until: signals)
        case .backfill: return await BackfillCommand(arguments: arguments, source: source, log: log).run(until: signals)
        case .catalogue: return show(CatalogueDocument.whole.markdown)
        }
    }

    private static func show(_ text: String) -> Int32 {
        Output.print(text)
        return 0
    }
}
