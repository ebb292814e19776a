import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowOperations

/// An export of runs to standard output or a file.
struct RunExport {
    let filter: RunFilter
    /// nil for the filter's own order.
    let sort: RunSort?
    let client: WorkflowClient
    var console = Console.standard

    /// The path that means standard output.
    static let standardOutput = "-"

    /// - Parameter path: nil for standard output.
    /// - Throws: ``CommandFailure`` when the export did not arrive completely or cannot be written. A file has its name only when all
    ///   of it arrived.
    func write(as format: RunExportFormat, to path: String?) async throws {
        guard let path, path != Self.standardOutput else {
            // On one terminal, the progress line would be written between the runs.
            let bar = console.outputIsTerminal ? nil : ProgressBar(console: console)
            _ = try await export(as: format, bar, otherwise: "The output is incomplete.") { [console] in try console.write($0) }
            return
        }
        let bar = ProgressBar(console: console)
        let file = try await OwnThread.run { try OutputFile(path) }
        defer { file.discard() }
        let runs = try await export(as: format, bar, otherwise: "\(path) was not written.") { try file.write($0) }
        try await OwnThread.run { try file.finish() }
        console.note(Self.sentence(runs, path: path, elapsed: bar.elapsed))
    }

    static func sentence(_ runs: Int, path: String, elapsed: Duration) -> String {
        "Exported \(HumanText.count(runs)) \(runs == 1 ? "run" : "runs") to \(path) in \(HumanText.duration(elapsed)) "
            + "(\(HumanText.count(ProgressBar.rate(runs, elapsed))) per second)."
    }

    /// - Parameter consequence: a sentence that follows the reason of a failure in the middle.
    /// - Returns: the number of exported runs.
    private func export(
        as format: RunExportFormat, _ bar: ProgressBar?, otherwise consequence: String, _ write: ([UInt8]) throws -> Void
    ) async throws -> Int {
        defer { bar?.clear() }
        var rows = RowCounter(format)
        var hasBegun = false
        do {
            for try await piece in try await client.export(filter, sort: sort, as: format) {
                hasBegun = true
                try write(piece)
                rows.add(piece)
                bar?.show { ProgressBar.line(rows.runs, "runs", fraction: nil, elapsed: $0) }
            }
        } catch {
            guard error is ClientError || error is CancellationError else { throw error }
            var failure = CommandFailure(describing: Task.isCancelled ? CancellationError() : error)
            if hasBegun { failure.message += " \(consequence)" }
            throw failure
        }
        return rows.runs
    }
}

/// Counts the runs of an export while it passes: lines of NDJSON, and records of CSV, whose quoted values may contain newlines.
struct RowCounter {
    private let isCSV: Bool
    private var lines = 0
    private var isQuoted = false

    init(_ format: RunExportFormat) {
        isCSV = format == .csv
    }

    /// The first record of CSV has the names of the columns.
    var runs: Int { max(0, isCSV ? lines - 1 : lines) }

    mutating func add(_ bytes: [UInt8]) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n"), !isQuoted { lines += 1 }
            // A quote within a quoted value is doubled, so that two of them change nothing.
            if byte == UInt8(ascii: "\""), isCSV { isQuoted.toggle() }
        }
    }
}
