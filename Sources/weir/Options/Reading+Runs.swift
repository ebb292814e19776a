import ArgumentParser
import WorkflowModel

extension Reading {
    @Sendable static func label(_ text: String) throws -> RunLabel {
        guard let label = RunLabel(typed: text) else {
            throw ValidationError(
                "Accepted: key=value with a key of \(RunLabel.acceptedKeys), and a value of \(RunLabel.acceptedValues).")
        }
        return label
    }

    @Sendable static func labelKey(_ text: String) throws -> String {
        guard RunLabel.isKey(text) else { throw ValidationError("Accepted: \(RunLabel.acceptedKeys).") }
        return text
    }

    @Sendable static func bulkID(_ text: String) throws -> BulkID {
        guard (1...BulkID.longestID).contains(text.utf8.count) else {
            throw ValidationError("Accepted: the id of a bulk operation, 1 to \(BulkID.longestID) bytes.")
        }
        return BulkID(rawValue: text)
    }

    @Sendable static func bulkOutcome(_ text: String) throws -> BulkOutcome {
        guard let outcome = BulkOutcome(rawValue: text) else {
            throw ValidationError("Accepted: \(BulkOutcome.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return outcome
    }

    /// Dimensions of a count, separated by commas: the names of the API or the words of a search.
    @Sendable static func facets(_ text: String) throws -> [RunFacet] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
            guard let facet = RunFacet.allCases.first(where: { $0.words.contains(String(word).replacing("-", with: "_")) }) else {
                throw ValidationError("Accepted: \(RunFacet.accepted), separated by commas.")
            }
            return facet
        }
    }

    @Sendable static func stream(_ text: String) throws -> TaskStream {
        guard let stream = TaskStream(rawValue: text) else { throw ValidationError("Accepted: stdout, stderr.") }
        return stream
    }

    @Sendable static func sortKey(_ text: String) throws -> RunSortKey {
        guard let key = RunSortKey(rawValue: text) else { throw ValidationError("Accepted: created, ended, runtime.") }
        return key
    }

    @Sendable static func direction(_ text: String) throws -> RunSort.Direction {
        guard let direction = RunSort.Direction(rawValue: text) else { throw ValidationError("Accepted: desc, asc.") }
        return direction
    }

    @Sendable static func noteText(_ text: String) throws -> String {
        let kept = RunNote.kept(text)
        if let problem = RunNote.problem(with: kept) {
            throw ValidationError("The text \(problem). Accepted: \(RunNote.accepted).")
        }
        return kept
    }

    @Sendable static func viewName(_ text: String) throws -> String {
        guard !text.isEmpty else { throw ValidationError("Accepted: the name of a view, such as failed-this-week.") }
        return text
    }
}

extension RunFacet {
    /// The name on the command line, which is the first one, and the other accepted names.
    fileprivate var words: [String] {
        switch self {
        case .state: ["state"]
        case .type: ["type"]
        case .configuration: ["workflow", rawValue]
        case .attribution: ["attribution"]
        case .errorType: ["error", rawValue]
        case .principal: ["principal", rawValue]
        }
    }

    /// The title of its column.
    var title: String { words[0] }

    static let accepted = allCases.map(\.title).joined(separator: ", ")
}
