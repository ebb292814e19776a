import ArgumentParser
import Foundation
import Logging
import PostgresStore
import SQLiteStore
import WorkflowAPI
import WorkflowModel
import WorkflowOperations

struct Move: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Moves a data directory to a PostgreSQL database.",
        discussion: """
            Copies everything: tenants, keys, token secrets, secrets as they are encrypted, configurations with all versions, and runs with tasks, attempts, \
            output and idempotency keys. Stop the service of the directory first; the directory is not changed. Repeating an \
            interrupted move continues it. At the end both sides are compared by counts and checksums. No service starts on the \
            database until they are equal.

            EXAMPLE
              weir move --from /var/lib/weir --to postgres://weir@db.example/weir
            """)

    @Option(help: ArgumentHelp("Data directory to copy.", valueName: "directory"))
    var from: String

    @Option(
        help: ArgumentHelp("Empty database: postgres://USER@HOST/DATABASE.", valueName: "address"),
        transform: Reading.database)
    var to: DatabaseAddress

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let directory = from
        guard FileManager.default.fileExists(atPath: directory + "/weir.db") else {
            throw CommandFailure(.noInput, "No store found in \(directory). --from names the data directory of a service.")
        }
        let archive = try await OwnThread.run { try SQLiteArchive.open(directory: directory) }
        let store = try await PostgresStore.open(
            to, settings: PostgresSettings(connections: 1, applicationName: "weir move"), time: SystemTime(),
            random: SystemRandom(), takingOver: true, logger: Logger(label: "weir.store") { LineLog(label: $0, logLevel: .error) })
        let bar = ProgressBar(console: console)
        let report: MoveReport
        do {
            defer { bar.clear() }
            report = try await Mover(source: archive, target: store).move { phase, records, all in
                bar.show { elapsed in
                    let fraction = all.map { $0 > 0 ? Double(records) / Double($0) : 1 }
                    return "\(phase.label)  " + ProgressBar.line(records, "records", fraction: fraction, elapsed: elapsed)
                }
            }
        } catch {
            try? await store.close()
            throw error
        }
        try await store.close()
        try console.print(output.json ? report.json(elapsed: bar.elapsed) : report.table(width: console.outputWidth))
        try Self.conclude(report, elapsed: bar.elapsed, console: output.json ? nil : console)
    }

    /// - Parameter console: nil to print nothing after a success.
    /// - Throws: ``CommandFailure`` when the two sides differ.
    static func conclude(_ report: MoveReport, elapsed: Duration, console: Console?) throws {
        switch report.outcome {
        case .isTheSame:
            if report.source[.tenantSecrets].count > 0 {
                console?.note(
                    "Secrets stay encrypted. Start all nodes with a copy of the directory's secrets.key, or of the key file of its service, "
                        + "as --secrets-key-file.")
            }
            let records = HumanText.count(report.source.records)
            console?.note("Moved and compared \(records) records in \(HumanText.duration(elapsed)). Both sides are equal.")
        case .wasThereAlready:
            console?.note("The directory was moved to this database before. Nothing changed.")
        case .differs:
            let tables = report.differences.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(
                .data, "The database differs from the directory: \(tables). Empty the database and move again.")
        }
    }
}

extension Mover.Phase {
    fileprivate var label: String {
        switch self {
        case .reading: "Reading  "
        case .copying: "Copying  "
        case .comparing: "Comparing"
        }
    }
}
