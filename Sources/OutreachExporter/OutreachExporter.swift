// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Glibc
internal import Outreach
internal import Providers

/// The command.
@main
enum OutreachExporter {
    static func main() async {
        Signals.block()
        do throws(UsageError) {
            exit(await run(try Arguments(parsing: Array(CommandLine.arguments.dropFirst()))))
        } catch {
            Output.complain("\(error)")
            exit(UsageError.exitCode)
        }
    }

    /// Does what the command line says; returns the exit status.
    private static func run(_ arguments: Arguments) async -> Int32 {
        if arguments.asksForHelp { return show("\(Help(kinds: providerKinds))") }
        if arguments.asksForVersion { return show(Build.description) }
        let log = Log(level: arguments.logLevel, format: arguments.logFormat)
        let source = SettingsSource.commandLine(arguments, environment: ProcessInfo.processInfo.environment)
        switch arguments.command {
        case .run:
            return await RunCommand(arguments: arguments, source: source, log: log).run(until: Signals.requests())
        case .demo: return await DemoCommand(arguments: arguments, log: log).run(until: Signals.requests())
        case .simulate: return await SimulateCommand(arguments: arguments, log: log).run(until: Signals.requests())
        case .check: return await CheckCommand(source: source).run()
        case .catalogue: return show(CatalogueDocument.whole.markdown)
        }
    }

    private static func show(_ text: String) -> Int32 {
        Output.print(text)
        return 0
    }
}
