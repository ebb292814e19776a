public import NIOCore
public import WorkflowModel

extension RunStatistics {
    /// `{"deleted_runs": 47, "total_runtime_ms": …, "complete": true, "data": [{"day": "2024-02-10", "deleted_runs": 47, …}]}`
    ///
    /// A group has a member for each dimension in which its runs have a value.
    public var document: ByteBuffer {
        JSONWriter.document(capacity: 256 + groups.count * 192) { json in
            json.object { json in
                json.figures(total)
                json.name("complete")
                json.boolean(isComplete)
                json.name("data")
                json.array(of: groups) { json, group in
                    json.object { json in
                        for dimension in StatisticDimension.allCases {
                            guard let value = group.values[dimension] else { continue }
                            json.key(dimension.rawValue)
                            json.string(value.text)
                        }
                        json.figures(group.figures)
                    }
                }
            }
        }
    }

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        self = try JSONReader.read(bytes) { reader in
            var total = FiguresMembers()
            var isComplete: Bool?
            var groups: [Group]?
            try reader.object { reader, name in
                switch name {
                case "complete": isComplete = try reader.boolean()
                case "data": groups = try reader.array { try $0.statisticsGroup() }
                default: try total.read(name, &reader)
                }
            }
            return RunStatistics(
                total: try total.figures(), groups: try groups.required("data"), isComplete: try isComplete.required("complete"))
        }
    }
}

extension JSONWriter {
    /// Members of an object. Without runs there is no mean.
    fileprivate mutating func figures(_ figures: RunFigures) {
        member("deleted_runs", figures.runs)
        member("mean_runtime_ms", figures.meanRuntime)
        member("longest_runtime_ms", figures.longestRuntime)
        member("total_runtime_ms", figures.totalRuntime)
    }
}

extension JSONReader {
    /// Dimensions that only a newer service has are skipped.
    fileprivate mutating func statisticsGroup() throws -> RunStatistics.Group {
        var values: [StatisticDimension: ExactText] = [:]
        var figures = FiguresMembers()
        try object { reader, name in
            if let dimension = StatisticDimension(rawValue: name) {
                values[dimension] = ExactText(try reader.string())
            } else {
                try figures.read(name, &reader)
            }
        }
        return RunStatistics.Group(values: values, figures: try figures.figures())
    }
}

/// The members of ``RunFigures``. The mean follows from the others.
private struct FiguresMembers {
    private var runs: Int?
    private var total: Int?
    private var longest: Int?

    mutating func read(_ name: String, _ reader: inout JSONReader) throws {
        switch name {
        case "deleted_runs": runs = try reader.integer()
        case "total_runtime_ms": total = try reader.integer()
        case "longest_runtime_ms": longest = try reader.integer()
        default: try reader.skip()
        }
    }

    func figures() throws -> RunFigures {
        RunFigures(
            runs: try runs.required("deleted_runs"), totalRuntime: .milliseconds(try total.required("total_runtime_ms")),
            longestRuntime: .milliseconds(try longest.required("longest_runtime_ms")))
    }
}
