import ArgumentParser
import Foundation
import Logging
import PostgresStore
import SQLiteStore
import WorkflowAPI
import WorkflowModel

struct Move: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Takes a data directory over into a PostgreSQL database.",
        discussion: """
            Everything goes: tenants, keys and the secrets behind tokens, configurations with all versions, runs with tasks,
            attempts, output and idempotency keys. The service on the directory has to be stopped; the directory stays as it is.
            A move that was interrupted goes on when it is run again. At the end both sides are read and compared by counts and
            checksums; until they are the same, no service starts on the database.

            EXAMPLE
              weir move --from /var/lib/weir --to postgres://weir@db.example/weir
            """)

    @Option(help: ArgumentHelp("The data directory.", valueName: "directory"))
    var from: String

    @Option(
        help: ArgumentHelp("The empty database: postgres://USER@HOST/DATABASE.", valueName: "address"),
        transform: Reading.database)
    var to: DatabaseAddress

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let directory = from
        guard FileManager.default.fileExists(atPath: directory + "/weir.db") else {
            throw CommandFailure(.noInput, "There is no store in \(directory); --from names the data directory of a service.")
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
        console.print(output.json ? report.json(elapsed: bar.elapsed) : report.table(width: console.outputWidth))
        try Self.conclude(report, elapsed: bar.elapsed, console: output.json ? nil : console)
    }

    /// - Parameter console: nil to say nothing when it went well.
    /// - Throws: ``CommandFailure`` when the two sides differ.
    static func conclude(_ report: MoveReport, elapsed: Duration, console: Console?) throws {
        switch report.outcome {
        case .isTheSame:
            let records = HumanText.count(report.source.records)
            console?.note("All \(records) records are in the database and the same. That took \(HumanText.duration(elapsed)).")
        case .wasThereAlready:
            console?.note("The directory was taken over into this database before; nothing is changed.")
        case .differs:
            let tables = report.differences.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(
                .data, "The database is not what the directory holds: \(tables) differ. Empty the database and move again.")
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
