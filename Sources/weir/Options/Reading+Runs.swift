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

    /// Dimensions of a count, separated by commas: the names of the API or the words of a search.
    @Sendable static func facets(_ text: String) throws -> [RunFacet] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
            guard let facet = RunFacet.allCases.first(where: { $0.words.contains(String(word).replacing("-", with: "_")) }) else {
                throw ValidationError("Accepted: \(RunFacet.accepted), separated by commas.")
            }
            return facet
        }
    }

    @Sendable static func sortKey(_ text: String) throws -> RunSortKey {
        guard let key = RunSortKey(rawValue: text) else { throw ValidationError("Accepted: created, ended, runtime.") }
        return key
    }

    @Sendable static func direction(_ text: String) throws -> RunSort.Direction {
        guard let direction = RunSort.Direction(rawValue: text) else { throw ValidationError("Accepted: desc, asc.") }
        return direction
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
