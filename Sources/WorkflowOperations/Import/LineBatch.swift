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

/// Parsed and valid lines of history.
package struct ImportBatch: Sendable {
    /// The lines as they were read. The owner of the store in another process parses them again, because it trusts no client.
    var text: [UInt8]
    var runs: [ImportedRun]

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
