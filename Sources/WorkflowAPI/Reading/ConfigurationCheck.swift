public import NIOCore
public import WorkflowModel

/// The answer to a dry run: the effect of storing a configuration.
public struct ConfigurationCheck: Hashable, Sendable {
    public var id: String
    public var name: String
    public var type: String
    public var labels: RunLabels
    public var change: SavedConfiguration.Change
    /// About the text, each with file and line.
    @Exact public var warnings: [String]

    public init(
        id: String, name: String, type: String, labels: RunLabels = RunLabels(), change: SavedConfiguration.Change,
        warnings: [String] = []
    ) {
        self.id = id
        self.name = name
        self.type = type
        self.labels = labels
        self.change = change
        self.warnings = warnings
    }

    public var document: ByteBuffer {
        JSONWriter.document { $0.check(self) }
    }

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        self = try JSONReader.read(bytes) { reader in
            var texts: [String: String] = [:]
            var labels = RunLabels()
            var warnings: [String] = []
            try reader.object { reader, name in
                switch name {
                case "labels": labels = try reader.labelsOfRun()
                case "warnings": warnings = try reader.array { try $0.string() }
                case "id", "name", "type", "change": texts[name] = try reader.string()
                default: try reader.skip()
                }
            }
            let word = try texts["change"].required("change")
            guard let change = SavedConfiguration.Change.allCases.first(where: { $0.word == word }) else {
                throw JSONProblem(path: "change", "is not known")
            }
            return ConfigurationCheck(
                id: try texts["id"].required("id"), name: try texts["name"].required("name"),
                type: try texts["type"].required("type"), labels: labels, change: change, warnings: warnings)
        }
    }
}

extension JSONWriter {
    public mutating func check(_ check: ConfigurationCheck) {
        object { $0.members(of: check) }
    }

    /// The members, for an object that has more.
    public mutating func members(of check: ConfigurationCheck) {
        member("id", check.id)
        member("name", check.name)
        member("type", check.type)
        member("labels", check.labels)
        member("change", check.change.word)
        warnings(check.warnings)
    }
}

extension SavedConfiguration.Change {
    /// The effect of storing a source.
    /// - Parameter current: nil for a new configuration.
    public init(from current: ConfigurationVersion?, to source: ConfigurationSource) {
        guard let current else {
            self = .created
            return
        }
        self = current.source.isSame(as: source) ? .unchanged : .updated
    }

    /// The word on the wire.
    public var word: String {
        switch self {
        case .created: "created"
        case .updated: "updated"
        case .unchanged: "unchanged"
        }
    }
}
