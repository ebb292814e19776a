public import WorkflowModel

/// A configuration, as a client reads it.
public struct ConfigurationAnswer: Hashable, Sendable {
    public var id: String
    public var name: String
    public var type: String
    public var version: ConfigurationVersionID
    public var number: Int
    public var createdAt: Timestamp
    public var createdBy: Principal
    /// Those that it gives its runs.
    public var labels: RunLabels
    /// The code in its directory when it was applied; nil when it is not known.
    public var code: CodeVersion?
    /// nil in a list.
    public var source: ConfigurationSource?
    /// nil when it is not paused.
    public var pause: WorkflowPause?
    /// How its last runs ended; only in a list, and nil when no run has succeeded or failed.
    public var record: RunRecord?
    /// About its text, each with file and line; only in the answer to the request that stored it.
    @Exact public var warnings: [String]

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        self = try JSONReader.read(bytes) { try ConfigurationAnswer(from: &$0) }
    }

    /// Reads a list of configurations.
    /// - Throws: ``JSONProblem``
    public static func list(json bytes: [UInt8]) throws(JSONProblem) -> [ConfigurationAnswer] {
        try JSONReader.list(bytes) { try ConfigurationAnswer(from: &$0) }
    }

    private init(from reader: inout JSONReader) throws {
        var texts: [String: String] = [:]
        var number: Int?
        var createdAt: Timestamp?
        var author: Principal?
        var labels = RunLabels()
        var code: CodeVersion?
        var pause: WorkflowPause?
        var record: RunRecord?
        var warnings: [String] = []
        try reader.object { reader, name in
            switch name {
            case "id", "name", "type", "version", "format", "directory", "source":
                texts[name] = try reader.optional { try $0.string() }
            case "number": number = try reader.integer()
            case "created_at": createdAt = try reader.timestamp()
            case "created_by": author = try reader.principal()
            case "labels": labels = try reader.labelsOfRun()
            case "code": code = try reader.optional { try $0.codeVersion() } ?? nil
            case "pause": pause = try reader.optional { try $0.pause() }
            case "warnings": warnings = try reader.array { try $0.string() }
            case "record": record = try reader.optional { try $0.record() }
            default: try reader.skip()
            }
        }
        id = try texts["id"].required("id")
        name = try texts["name"].required("name")
        type = try texts["type"].required("type")
        version = ConfigurationVersionID(rawValue: try texts["version"].required("version"))
        self.number = try number.required("number")
        self.createdAt = try createdAt.required("created_at")
        createdBy = try author.required("created_by")
        self.labels = labels
        self.code = code
        self.pause = pause
        self.record = record
        self.warnings = warnings
        if let text = texts["source"], let format = texts["format"].flatMap(ConfigurationSource.Format.init(rawValue:)) {
            source = ConfigurationSource(text: text, format: format, directory: texts["directory"], code: code)
        }
    }
}

extension JSONReader {
    mutating func principal() throws -> Principal {
        var id: String?
        var name: String?
        var email: String?
        try object { reader, member in
            switch member {
            case "id": id = try reader.string()
            case "name": name = try reader.string()
            case "email": email = try reader.optional { try $0.string() }
            default: try reader.skip()
            }
        }
        return Principal(id: try id.required("id"), name: try name.required("name"), email: email)
    }

    /// - Returns: nil for a commit in a form that this program does not know.
    mutating func codeVersion() throws -> CodeVersion? {
        var commit: String?
        var isDirty: Bool?
        try object { reader, member in
            switch member {
            case "commit": commit = try reader.string()
            case "dirty": isDirty = try reader.boolean()
            default: try reader.skip()
            }
        }
        return CodeVersion(commit: try commit.required("commit"), isDirty: try isDirty.required("dirty"))
    }

    mutating func pause() throws -> WorkflowPause {
        var reason: String?
        var author: Principal?
        var since: Timestamp?
        var until: Timestamp?
        try object { reader, member in
            switch member {
            case "reason": reason = try reader.string()
            case "paused_by": author = try reader.principal()
            case "since": since = try reader.timestamp()
            case "until": until = try reader.optional { try $0.timestamp() }
            default: try reader.skip()
            }
        }
        return WorkflowPause(
            reason: try reason.required("reason"), pausedBy: try author.required("paused_by"), since: try since.required("since"),
            until: until)
    }

    fileprivate mutating func record() throws -> RunRecord {
        var ended: Int?
        var succeeded: Int?
        var median: Duration?
        var percentile95: Duration?
        try object { reader, member in
            switch member {
            case "ended": ended = try reader.integer()
            case "succeeded": succeeded = try reader.integer()
            case "p50_ms": median = try reader.optional { try $0.milliseconds() }
            case "p95_ms": percentile95 = try reader.optional { try $0.milliseconds() }
            default: try reader.skip()
            }
        }
        return RunRecord(
            ended: try ended.required("ended"), succeeded: try succeeded.required("succeeded"),
            median: median, percentile95: percentile95)
    }
}
