import WorkflowAPI
import WorkflowClient
import WorkflowModel

/// The differences between files and the current versions of their workflows.
struct ApplyComparison {
    struct Entry {
        var file: ConfigurationFile
        var check: ConfigurationCheck
        /// nil for a new workflow, and for one that does not change.
        var current: ConfigurationAnswer?
    }

    var entries: [Entry]

    /// For people: one line for each file, and its differences below it.
    var text: String {
        entries.flatMap { entry in
            let name = "\(HumanText.printable(entry.file.name)): \(HumanText.printable(entry.file.id))"
            switch entry.check.change {
            case .created: return ["\(name) is new"]
            case .unchanged: return ["\(name) is unchanged"]
            case .updated:
                let version = entry.current.map { " from version \($0.number)" } ?? ""
                return ["\(name) changes\(version)"] + entry.differences
            }
        }.joined(separator: "\n")
    }

    var sentence: String {
        func count(_ change: SavedConfiguration.Change) -> Int { entries.count { $0.check.change == change } }
        return "\(count(.created)) new, \(count(.updated)) changed, \(count(.unchanged)) unchanged. Nothing was stored."
    }

    /// The answers of the service, each with its differences: `{"data": […]}`
    var json: String {
        JSONOutput.list(entries) { json, entry in
            json.object { json in
                json.members(of: entry.check)
                json.member("file", entry.file.name)
                json.member("current_version", entry.current?.version.rawValue)
                guard entry.current != nil else { return }
                json.name("differences")
                json.array(of: entry.differences) { $0.string($1) }
            }
        }
    }
}

extension ApplyComparison.Entry {
    /// The changed lines of the text in the unified format, then the changed directory and code.
    var differences: [String] {
        guard let old = current?.source else { return [] }
        let diff = LineDiff(from: old.text, to: file.source.text)
        var lines = diff.parts.flatMap(Self.hunk)
        if diff.hidden > 0 { lines.append("… and \(HumanText.count(diff.hidden)) more changed lines") }
        if !old.directory.isIdentical(to: file.source.directory) {
            lines.append("directory: \(Self.word(old.directory)) → \(Self.word(file.source.directory))")
        }
        if old.code != file.source.code {
            lines.append("code: \(Self.word(old.code?.words)) → \(Self.word(file.source.code?.words))")
        }
        return lines
    }

    private static func hunk(_ part: [LineDiff.Line]) -> [String] {
        func span(_ numbers: [Int]) -> String { "\(numbers.first ?? 0),\(numbers.count)" }
        let head = "@@ -\(span(part.compactMap(\.oldNumber))) +\(span(part.compactMap(\.newNumber))) @@"
        return [head]
            + part.map { line in
                let sign =
                    switch line.kind {
                    case .same: " "
                    case .removed: "-"
                    case .added: "+"
                    }
                return sign + HumanText.printable(line.text)
            }
    }

    private static func word(_ text: String?) -> String {
        text.map { HumanText.printable($0) } ?? "not known"
    }
}

extension ApplyWork {
    /// Compares all files with the current versions; changes nothing.
    /// - Throws: ``CommandFailure`` with the problems of all files; `ClientError` when the service cannot be reached.
    func comparison() async throws -> ApplyComparison {
        var entries: [ApplyComparison.Entry] = []
        for (file, check) in zip(files, try await checks()) {
            let current = check.change == .updated ? try await client.configuration(file.id) : nil
            entries.append(ApplyComparison.Entry(file: file, check: check, current: current))
        }
        return ApplyComparison(entries: entries)
    }
}
