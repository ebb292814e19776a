import WorkflowAPI
import WorkflowModel

/// Lines of history as they came, not yet looked into.
struct LineBatch: Sendable {
    /// The lines with what is between them.
    var text: [UInt8]
    /// Where the lines are that have something in them.
    var lines: [(number: Int, range: Range<Int>)]
    /// Whether the last of them ends without a newline, which may mean that the file was cut.
    var endsMidLine = false
    /// Bytes of the file up to the end of this batch.
    var fileOffset = 0

    /// Reads all lines, on as many cores as there are.
    /// - Parameter tenant: the one that they are loaded into.
    func read(for tenant: Tenant, cores: Int) async -> Result<ImportBatch, LineComplaints> {
        let portion = max(64, (lines.count + cores - 1) / max(cores, 1))
        let portions = await withTaskGroup(of: (Int, [ImportedRun], [LineComplaint]).self) { group in
            for start in stride(from: 0, to: lines.count, by: portion) {
                group.addTask {
                    let (runs, complaints) = read(start..<min(start + portion, lines.count), for: tenant)
                    return (start, runs, complaints)
                }
            }
            var portions: [(Int, [ImportedRun], [LineComplaint])] = []
            for await portion in group { portions.append(portion) }
            return portions.sorted { $0.0 < $1.0 }
        }
        let complaints = portions.flatMap(\.2)
        guard complaints.isEmpty else { return .failure(LineComplaints(complaints: complaints)) }
        return .success(ImportBatch(text: text, runs: portions.flatMap(\.1)))
    }

    private func read(_ portion: Range<Int>, for tenant: Tenant) -> ([ImportedRun], [LineComplaint]) {
        var runs: [ImportedRun] = []
        runs.reserveCapacity(portion.count)
        var complaints: [LineComplaint] = []
        for index in portion {
            let (number, range) = lines[index]
            do {
                runs.append(try importedRun(fromLine: Array(text[range]), tenant: tenant))
            } catch {
                let isCut = endsMidLine && index == lines.count - 1 && error.path.isEmpty
                let message = isCut ? "the file ends in the middle of this line" : Self.sentence(error)
                complaints.append(LineComplaint(line: number, message: message))
            }
        }
        return (runs, complaints)
    }

    private static func sentence(_ problem: JSONProblem) -> String {
        problem.path.isEmpty ? "the line \(problem.message)" : "\(problem.path) \(problem.message)"
    }
}

/// What is wrong with a line.
struct LineComplaint: Hashable, Sendable {
    var line: Int
    var message: String
}

struct LineComplaints: Error, Hashable, Sendable {
    var complaints: [LineComplaint]

    /// `history.ndjson:12: …`, a line each, the first ``ImportLimits/complaints`` of them.
    func text(file: String) -> String {
        var lines = complaints.prefix(ImportLimits.complaints).map { "\(file):\($0.line): \($0.message)" }
        let rest = complaints.count - lines.count
        if rest > 0 { lines.append("\(file): and \(HumanText.count(rest)) more bad lines in this batch") }
        return lines.joined(separator: "\n")
    }
}

/// Lines of history, read and found to be fine.
struct ImportBatch: Sendable {
    /// As it came, for an owner in another process, who reads it again: it trusts nobody.
    var text: [UInt8]
    var runs: [ImportedRun]

    /// Reads a batch that came from another process.
    /// - Throws: `APIError` (400) that names the first bad lines.
    static func reading(_ text: [UInt8], tenant: Tenant) async throws(APIError) -> ImportBatch {
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
        switch await batch.read(for: tenant, cores: Cores.count) {
        case .success(let batch): return batch
        case .failure(let complaints): throw .invalid(complaints.text(file: "batch"))
        }
    }
}
