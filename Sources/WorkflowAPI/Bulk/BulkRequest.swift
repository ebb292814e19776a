public import NIOCore
public import WorkflowModel

/// The body of ``BulkEndpoints/create``.
public struct BulkRequest: Hashable, Sendable {
    public static let members = ["action", "ids", "filter", "all", "parameters", "per_second", "expect", "dry_run"]

    public var order: BulkOrder
    /// Whether only a preview is asked for.
    public var isDryRun: Bool

    public init(_ order: BulkOrder, isDryRun: Bool = false) {
        self.order = order
        self.isDryRun = isDryRun
    }

    public var document: ByteBuffer {
        JSONWriter.document { json in
            json.object { json in
                json.member("action", order.action.kind.rawValue)
                json.member("parameters", order.action)
                json.member(order.selection)
                if case .filter(RunFilter()) = order.selection {
                    json.name("all")
                    json.boolean(true)
                }
                json.member("per_second", order.perSecond)
                json.member("expect", order.expected)
                json.name("dry_run")
                json.boolean(isDryRun)
            }
        }
    }

    /// - Throws: ``APIError`` (400) saying what is wrong and what is accepted.
    public init(body bytes: [UInt8]) throws(APIError) {
        guard !bytes.isEmpty else {
            throw .invalid("The body is empty; it has to be a JSON object with action, and with ids, filter or all.")
        }
        var read = BulkMembers()
        do {
            try JSONReader.read(bytes) { reader in
                try reader.object { reader, name in try read.take(name, from: &reader) }
            }
        } catch {
            throw APIError(body: error)
        }
        guard let kind = read.action else {
            throw .invalid(
                "The body's action is missing. Accepted: \(BulkAction.Kind.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        let action = try read.parameters.action(kind)
        self.init(
            BulkOrder(action, try read.selection, perSecond: read.perSecond ?? BulkLimits.usualRate, expected: read.expected),
            isDryRun: read.isDryRun)
    }
}

/// The members of a request, before they are checked against each other.
private struct BulkMembers {
    var action: BulkAction.Kind?
    var ids: [RunID]?
    var filter: RunFilter?
    var isForAll = false
    var parameters = BulkParameters()
    var perSecond: Int?
    var expected: Int?
    var isDryRun = false

    mutating func take(_ member: String, from reader: inout JSONReader) throws {
        switch member {
        case "action": action = try reader.choice()
        case "ids": ids = try reader.runIDs()
        case "filter": filter = try reader.runFilter()
        case "all": isForAll = try reader.boolean()
        case "parameters": parameters = try BulkParameters(from: &reader)
        case "per_second":
            let rate = try reader.integer()
            guard BulkLimits.rates.contains(rate) else {
                throw JSONProblem(
                    "is \(rate). Accepted: an integer from \(BulkLimits.rates.lowerBound) to \(BulkLimits.rates.upperBound)")
            }
            perSecond = rate
        case "expect":
            let number = try reader.integer()
            guard number >= 0 else { throw JSONProblem("is \(number). Accepted: the number of runs of a preview") }
            expected = number
        case "dry_run": isDryRun = try reader.boolean()
        default: throw JSONProblem.unknownMember(member, accepted: BulkRequest.members)
        }
    }

    var selection: BulkSelection {
        get throws(APIError) {
            let conditions = filter.flatMap { $0 == RunFilter() ? nil : $0 }
            switch (ids, conditions, isForAll) {
            case (let ids?, nil, false) where filter == nil: return .runs(ids)
            case (nil, let filter?, false): return .filter(filter)
            case (nil, nil, true): return .filter(RunFilter())
            case (nil, nil, false):
                throw .invalid(
                    "The body selects no runs. Send ids, or a filter that is not empty, or \"all\": true for all runs of the tenant."
                )
            default: throw .invalid("The body selects runs in more than one way. Send ids, or a filter, or \"all\": true.")
            }
        }
    }
}

/// The parameters of all actions.
private struct BulkParameters {
    private var given: [String] = []
    private var reason: String?
    private var start: RerunStart?
    private var version = RerunVersion.current
    private var resolution: Resolution?
    private var labels = LabelChange()

    private static let names = ["reason", "from", "version", "resolution", "labels"]

    init() {}

    init(from reader: inout JSONReader) throws {
        var read = BulkParameters()
        try reader.object { reader, name in
            switch name {
            case "reason": read.reason = try reader.string()
            case "from": read.start = try reader.choice()
            case "version": read.version = try reader.choice()
            case "resolution": read.resolution = try reader.choice()
            case "labels": read.labels = try reader.labelChange()
            default: throw JSONProblem.unknownMember(name, accepted: BulkParameters.names)
            }
            read.given.append(name)
        }
        self = read
    }

    func action(_ kind: BulkAction.Kind) throws(APIError) -> BulkAction {
        if let other = given.first(where: { !kind.parameters.containsExactly($0) }) {
            let accepted = kind.parameters.isEmpty ? "none" : kind.parameters.joined(separator: ", ")
            throw .invalid("The body's parameters.\(other) does not belong to the action \(kind.rawValue). Accepted: \(accepted).")
        }
        if let problem = reason.flatMap(ReasonRule.problem(with:)) { throw .invalid(problem) }
        switch kind {
        case .stop: return .stop(reason: reason.map { ExactText($0) })
        case .rerun: return .rerun(from: start, version: version)
        case .resolve:
            guard let resolution, resolution.actsInPlace else {
                throw .invalid(
                    "The body's parameters.resolution is missing or restarts runs, which rerun does. Accepted: "
                        + "\(Resolution.allCases.filter(\.actsInPlace).map(\.rawValue).joined(separator: ", ")).")
            }
            return .resolve(resolution, reason: reason.map { ExactText($0) })
        case .delete: return .delete
        case .label:
            guard !labels.isEmpty else {
                throw .invalid(
                    "The body's parameters.labels is missing or empty. Accepted: an object with the labels to set, or to remove.")
            }
            return .label(labels)
        }
    }
}

extension BulkAction.Kind {
    /// The names of its parameters on the wire.
    fileprivate var parameters: [String] {
        switch self {
        case .stop: ["reason"]
        case .rerun: ["from", "version"]
        case .resolve: ["resolution", "reason"]
        case .delete: []
        case .label: ["labels"]
        }
    }
}

extension JSONReader {
    /// Ids of runs, each once.
    fileprivate mutating func runIDs() throws -> [RunID] {
        var known: Set<RunID> = []
        let ids = try array { reader in
            let text = try reader.string()
            guard (1...RunID.longestID).contains(text.utf8.count) else {
                throw JSONProblem("is not the id of a run. Accepted: 1 to \(RunID.longestID) bytes")
            }
            return RunID(rawValue: text)
        }.filter { known.insert($0).inserted }
        guard (1...BulkLimits.ids).contains(ids.count) else {
            throw JSONProblem("has \(ids.count) ids. Accepted: 1 to \(BulkLimits.ids), or a filter")
        }
        return ids
    }

    /// An object whose members are the fields of a filter, each with a value or an array of values.
    mutating func runFilter() throws -> RunFilter {
        var filter = RunFilter()
        try object { reader, name in
            guard let field = RunFilterField(rawValue: name) else {
                throw JSONProblem.unknownMember(name, accepted: RunFilterField.all.map(\.name))
            }
            let values = try reader.scalars()
            guard (1...field.mostValues).contains(values.count) else {
                throw JSONProblem("has \(values.count) values. Accepted: 1 to \(field.mostValues)")
            }
            for value in values {
                do {
                    try filter.add(value, to: field)
                } catch {
                    throw JSONProblem("is \(value.quoted), which \(field.kind.refusal)")
                }
            }
        }
        do {
            try filter.checkWindows()
        } catch {
            throw JSONProblem(APIError(error).message.withoutPeriod)
        }
        return filter
    }

    /// Labels to set, with `null` for those to remove.
    mutating func labelChange() throws -> LabelChange {
        var set: [RunLabel] = []
        var removed: Set<ExactText> = []
        try object { reader, key in
            guard RunLabel.isKey(key) else { throw JSONProblem("is not the key of a label. Accepted: \(RunLabel.acceptedKeys)") }
            guard let value = try reader.optional({ try $0.string() }) else {
                removed.insert(ExactText(key))
                return
            }
            guard let label = RunLabel(key: key, value: value) else {
                throw JSONProblem(
                    "is \(value.quoted), which is not the value of a label. Accepted: \(RunLabel.acceptedValues), or null to remove it"
                )
            }
            set.append(label)
        }
        guard set.count + removed.count <= RunLabels.most else {
            throw JSONProblem("names \(set.count + removed.count) labels. Accepted: at most \(RunLabels.most)")
        }
        return LabelChange(set: RunLabels(set), removed: removed)
    }
}

extension String {
    fileprivate var withoutPeriod: String { hasSuffix(".") ? String(dropLast()) : self }
}
