import ArgumentParser
import Foundation
import Logging
import TaskRunners
import WorkflowEngine
import WorkflowModel

/// The options that `weir serve` and `weir demo` share.
struct ServiceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Address to listen on.", valueName: "address"))
    var host = "127.0.0.1"

    @Option(help: "Port; 0 for any free port. (default: 8080)", transform: Reading.number(0...65_535))
    var port = 8080

    @Option(help: ArgumentHelp("Domain of tenant hosts: TENANT.DOMAIN names the tenant.", valueName: "name"))
    var domain = "localhost"

    @Option(
        help: ArgumentHelp(
            "Tasks that run in parallel; 0 for the API only. (default: twice the number of cores)", valueName: "number"),
        transform: Reading.number(0...1_024))
    var workers: Int?

    @Option(
        help: ArgumentHelp("Requests per second and tenant; 0 for no limit. (default: 10)", valueName: "number"),
        transform: Reading.number(0...1_000_000))
    var rateLimit = 10

    @Option(
        help: ArgumentHelp(
            "Time in the store for one request that searches or counts runs; 10ms to 10s. (default: 50ms)", valueName: "duration"),
        transform: Reading.searchTime)
    var searchBudget = SearchBudget.standard.time

    @Option(
        help: ArgumentHelp(
            "Client connections. (default: 10000, or as many as the limit of open files allows)", valueName: "number"),
        transform: Reading.number(1...1_000_000))
    var maxConnections: Int?

    @Option(
        help: ArgumentHelp(
            "Client connections from one address; this machine is exempt. (default: half of all)",
            valueName: "number"),
        transform: Reading.number(1...1_000_000))
    var maxConnectionsPerAddress: Int?

    @Option(
        help: ArgumentHelp(
            "Time between SIGTERM and SIGKILL for a task's command. (default: 10s; with --database at most a third of --lease)",
            valueName: "duration"),
        transform: Reading.duration)
    var grace: Duration?

    @Option(
        help: ArgumentHelp(
            "Lease duration: when the tasks of an unresponsive worker are reassigned. With --database at least 1.5 times "
                + "--grace. (default: 30s, or twice --grace if that is longer)",
            valueName: "duration"),
        transform: Reading.lease)
    var lease: Duration?

    @Option(
        help: ArgumentHelp("Size of an attempt's output that is kept, from its end. (default: 1MiB)", valueName: "size"),
        transform: Reading.size)
    var outputLimit = 1 << 20

    @Option(
        name: .customLong("allow-env"),
        help: ArgumentHelp(
            "Environment variables that commands may see besides PATH, HOME, LANG and TZ, separated by commas; may be repeated.",
            valueName: "name"),
        transform: Reading.variables)
    var allowedVariables: [[String]] = []

    @Option(help: ArgumentHelp("Lowest level that is logged.", valueName: "level"))
    var logLevel = LogLevelArgument(level: .notice)

    /// - Parameter isShared: whether several nodes use the store.
    func terms(isShared: Bool) throws -> LeaseTerms {
        try LeaseTerms(lease: lease, grace: grace, isShared: isShared)
    }
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
