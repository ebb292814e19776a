import WorkflowAPI
import WorkflowModel

/// Lines of history, not yet parsed.
struct LineBatch: Sendable {
    /// The lines and the line breaks between them.
    var text: [UInt8]
    /// The places of the lines that are not blank.
    var lines: [(number: Int, range: Range<Int>)]
    /// Whether the last line ends without a newline: the file may be truncated.
    var endsMidLine = false
    /// Bytes of the file up to the end of this batch.
    var fileOffset = 0

    /// Parses all lines on several cores.
    /// - Parameter tenant: the tenant of the runs.
    func read(for tenant: Tenant, cores: Int) async -> Result<ImportBatch, LineComplaints> {
        let portion = max(64, (lines.count + cores - 1) / max(cores, 1))
        let portions = await withTaskGroup(of: Portion.self) { group in
            for start in stride(from: 0, to: lines.count, by: portion) {
                group.addTask { read(start..<min(start + portion, lines.count), for: tenant) }
            }
            var portions: [Portion] = []
            for await portion in group { portions.append(portion) }
            return portions.sorted { $0.start < $1.start }
        }
        let complaints = portions.flatMap(\.complaints)
        guard complaints.isEmpty else { return .failure(LineComplaints(complaints: complaints)) }
        var corrected = CorrectedEnds()
        for portion in portions { corrected.add(portion.corrected) }
        return .success(ImportBatch(text: text, runs: portions.flatMap(\.runs), corrected: corrected))
    }

    /// The lines that one core parses.
    private struct Portion: Sendable {
        var start: Int
        var runs: [ImportedRun] = []
        var complaints: [LineComplaint] = []
        var corrected = CorrectedEnds()
    }

    private func read(_ range: Range<Int>, for tenant: Tenant) -> Portion {
        var portion = Portion(start: range.lowerBound)
        portion.runs.reserveCapacity(range.count)
        for index in range {
            let (number, range) = lines[index]
            do {
                let line = try historyLine(Array(text[range]), tenant: tenant)
                portion.runs.append(line.run)
                if line.hasCorrectedEnd { portion.corrected.add(line: number) }
            } catch {
                let isCut = endsMidLine && index == lines.count - 1 && error.path.isEmpty
                let message = isCut ? "the file ends in the middle of this line" : Self.sentence(error)
                portion.complaints.append(LineComplaint(line: number, message: message))
            }
        }
        return portion
    }

    private static func sentence(_ problem: JSONProblem) -> String {
        problem.path.isEmpty ? "the line \(problem.message)" : "\(problem.path) \(problem.message)"
    }
}

/// A bad line, and what is wrong with it.
struct LineComplaint: Hashable, Sendable {
    var line: Int
    var message: String
}

package struct LineComplaints: Error, Hashable, Sendable {
    var complaints: [LineComplaint]

    /// `history.ndjson:12: …`, one line each, at most ``ImportLimits/complaints`` of them.
    package func text(file: String) -> String {
        var lines = complaints.prefix(ImportLimits.complaints).map { "\(file):\($0.line): \($0.message)" }
        let rest = complaints.count - lines.count
        if rest > 0 { lines.append("\(file): and \(rest) more bad lines in this batch") }
        return lines.joined(separator: "\n")
    }
}

/// Lines of history with an end before the beginning, as clocks that were set back write them. Their runs end when they begin.
package struct CorrectedEnds: Hashable, Sendable {
    package private(set) var count = 0
    /// The number of the first such line.
    package private(set) var firstLine: Int?

    package init() {}

    package mutating func add(line: Int) {
        count += 1
        firstLine = min(firstLine ?? line, line)
    }

    mutating func add(_ other: CorrectedEnds) {
        count += other.count
        firstLine = [firstLine, other.firstLine].compactMap { $0 }.min()
    }
}

/// Parsed and valid lines of history.
package struct ImportBatch: Sendable {
    /// The lines as they were read. The owner of the store in another process parses them again, because it trusts no client.
    var text: [UInt8]
    var runs: [ImportedRun]
    var corrected = CorrectedEnds()

    /// Parses a batch of another process.
    /// - Throws: `APIError` (400) that names the first bad lines.
    static func reading(_ text: [UInt8], tenant: Tenant, cores: Int) async throws(APIError) -> ImportBatch {
        var splitter = LineSplitter()
        splitter.append(text)
        splitter.finish()
        let batch: LineBatch?
        do {
            batch = try splitter.next(lines: Int.max, bytes: Int.max)
        } catch {
            throw .invalid(error.message)
        }
        guard let batch else { return ImportBatch(text: text, runs: []) }
        switch await batch.read(for: tenant, cores: cores) {
        case .success(let batch): return batch
        case .failure(let complaints): throw .invalid(complaints.text(file: "batch"))
        }
    }
}
