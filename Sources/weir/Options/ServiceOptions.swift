import ArgumentParser
import Foundation
import Logging
import TaskRunners
import WorkflowEngine
import WorkflowModel

/// How a service runs, for `weir serve` and `weir demo`.
struct ServiceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The address to listen on.", valueName: "address"))
    var host = "127.0.0.1"

    @Option(help: "The port; 0 for any free one. (default: 8080)", transform: Reading.number(0...65_535))
    var port = 8080

    @Option(help: ArgumentHelp("A host TENANT.DOMAIN names the tenant.", valueName: "name"))
    var domain = "localhost"

    @Option(
        help: ArgumentHelp(
            "Tasks at once; 0 for the API only. (default: twice the number of cores)", valueName: "number"),
        transform: Reading.number(0...1_024))
    var workers: Int?

    @Option(
        help: ArgumentHelp("Requests per second and tenant; 0 for no limit. (default: 10)", valueName: "number"),
        transform: Reading.number(0...1_000_000))
    var rateLimit = 10

    @Option(
        help: ArgumentHelp("Between telling a command to end and killing it. (default: 10s)", valueName: "duration"),
        transform: Reading.duration)
    var grace = CommandLimits.grace

    @Option(
        help: ArgumentHelp(
            "How long the tasks of a worker that falls silent stay its own before another takes them over. (default: 30s)",
            valueName: "duration"),
        transform: Reading.lease)
    var lease = EngineSettings.standardLease

    @Option(
        help: ArgumentHelp("What is kept of the output of an attempt: its end. (default: 1MiB)", valueName: "size"),
        transform: Reading.size)
    var outputLimit = 1 << 20

    @Option(
        name: .customLong("allow-env"),
        help: ArgumentHelp(
            "A variable of this environment that commands may see besides PATH, HOME, LANG and TZ; may be repeated.",
            valueName: "name"))
    var allowedVariables: [String] = []

    @Option(help: ArgumentHelp("What is logged: this and worse.", valueName: "level"))
    var logLevel = LogLevelArgument(level: .notice)
}

struct LogLevelArgument: ExpressibleByArgument {
    var level: Logger.Level

    init(level: Logger.Level) {
        self.level = level
    }

    init?(argument: String) {
        guard let level = Logger.Level(rawValue: argument) else { return nil }
        self.level = level
    }

    var defaultValueDescription: String { level.rawValue }

    static var allValueStrings: [String] { Logger.Level.allCases.map(\.rawValue) }
}
