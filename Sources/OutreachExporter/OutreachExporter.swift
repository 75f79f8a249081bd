// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Glibc
internal import Outreach
internal import Providers

/// The program: reads the command line, runs the command and ends with its exit status.
@main
enum OutreachExporter {
    static func main() {
        let signals = Signals()
        ProcessSetup.apply()
        if let problem = ProcessSetup.problem ?? ThreadCheck.problem() {
            Output.diagnose(problem)
            exit(1)
        }
        do throws(UsageError) {
            let arguments = try Arguments(parsing: Array(CommandLine.arguments.dropFirst()))
            let log = Log(level: arguments.logLevel, format: arguments.logFormat)
            // Nothing awaits this task: it ends the process, and the main thread waits for signals.
            Task { @concurrent in exit(await run(arguments, log, until: signals.requests)) }
            signals.wait(logging: log)
        } catch {
            Output.diagnose("\(error)")
            exit(UsageError.exitCode)
        }
    }

    /// Runs the command; returns the exit status.
    private static func run(
        _ arguments: Arguments,
        _ log: Log,
        until signals: AsyncStream<Signals.Request>
    ) async -> Int32 {
        if arguments.asksForHelp { return Output.print("\(Help(kinds: providerKinds, topic: arguments.helpTopic))") }
        if arguments.asksForVersion { return Output.print(Build.description) }
        let source = SettingsSource.commandLine(arguments, environment: ProcessInfo.processInfo.environment)
        switch arguments.command {
        case .run where arguments.onlyChecks, .backfill where arguments.onlyChecks, .check:
            return await CheckCommand(
                source: source,
                webConfigFile: arguments.webConfigFile,
                accountsFile: arguments.accountsFile,
                triesKeys: !arguments.onlyChecks,
                log: log
            )
            .run(until: signals)
        case .run: return await RunCommand(arguments: arguments, source: source, log: log).run(until: signals)
        case .demo: return await DemoCommand(arguments: arguments, log: log).run(until: signals)
        case .simulate: return await SimulateCommand(arguments: arguments, log: log).run(until: signals)
        case .backfill: return await BackfillCommand(arguments: arguments, source: source, log: log).run(until: signals)
        case .healthcheck: return HealthcheckCommand(arguments).run()
        // Both are handled above.
        case .version, .help: return 0
        case .catalogue: return Output.print(CatalogueDocument.complete.markdown)
        }
    }
}
