public import WorkflowModel

// Bulk operations as a client reads them.

extension BulkOperation {
    /// An answer of a list has no ids of runs: its selection is then one of no runs.
    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        self = try JSONReader.read(bytes) { try $0.bulkOperation() }
    }
}

extension BulkPreview {
    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        self = try JSONReader.read(bytes) { reader in
            var preview = BulkPreview(total: 0, states: [], workflows: [], samples: [])
            var total: Int?
            try reader.object { reader, name in
                switch name {
                case "total": total = try reader.integer()
                case "states": preview.states = try reader.array { try $0.facetValue() }
                case "workflows": preview.workflows = try reader.array { try $0.facetValue() }
                case "has_all_workflows": preview.hasAllWorkflows = try reader.boolean()
                case "samples": preview.samples = try reader.array { try RunMembers(from: &$0).run(of: nil) }
                default: try reader.skip()
                }
            }
            preview.total = try total.required("total")
            return preview
        }
    }
}

/// A page of bulk operations.
public struct BulkListAnswer: Hashable, Sendable {
    public var operations: [BulkOperation]
    /// nil on the last page.
    public var nextToken: String?

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        (operations, nextToken) = try JSONReader.page(bytes) { try $0.bulkOperation() }
    }
}

/// A page of receipts.
public struct BulkReceiptsAnswer: Hashable, Sendable {
    public var receipts: [BulkReceipt]
    /// nil on the last page.
    public var nextToken: String?

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        (receipts, nextToken) = try JSONReader.page(bytes) { try $0.bulkReceipt() }
    }
}

extension JSONReader {
    fileprivate static func page<Element>(
        _ bytes: [UInt8], _ element: (inout JSONReader) throws -> Element
    ) throws(JSONProblem) -> ([Element], String?) {
        var elements: [Element]?
        var token: String?
        try read(bytes) { reader in
            try reader.object { reader, name in
                switch name {
                case "data": elements = try reader.array { try element(&$0) }
                case "next_token": token = try reader.optional { try $0.string() }
                default: try reader.skip()
                }
            }
        }
        return (try elements.required("data"), token)
    }

    fileprivate mutating func bulkOperation() throws -> BulkOperation {
        var texts: [String: String] = [:]
        var times: [String: Timestamp] = [:]
        var numbers: [String: Int] = [:]
        var principals: [String: Principal] = [:]
        var kind: BulkAction.Kind?
        var parameters = BulkAction.delete
        var selection = BulkSelection.runs([])
        var state: BulkOperation.State?
        try object { reader, name in
            switch name {
            case "id", "tenant": texts[name] = try reader.string()
            case "created_before", "requested_at", "ended_at": times[name] = try reader.optional { try $0.timestamp() }
            case "per_second", "total", "done", "unchanged", "refused": numbers[name] = try reader.integer()
            case "requested_by", "aborted_by": principals[name] = try reader.principal()
            case "action": kind = try reader.choice()
            case "parameters": parameters = try reader.bulkParameters(of: try kind.required("action"))
            case "ids": selection = .runs(try reader.array { RunID(rawValue: try $0.string()) })
            case "filter": selection = .filter(try reader.runFilter())
            case "state": state = try reader.choice()
            default: try reader.skip()
            }
        }
        let action: BulkAction =
            switch (try kind.required("action"), parameters) {
            case (.stop, .delete): .stop(reason: nil)
            case (_, let parameters): parameters
            }
        let counts = BulkCounts(
            done: numbers["done"] ?? 0, unchanged: numbers["unchanged"] ?? 0, refused: numbers["refused"] ?? 0)
        return BulkOperation(
            id: BulkID(rawValue: try texts["id"].required("id")),
            tenant: try texts["tenant"].flatMap(Tenant.init).required("tenant"), action: action, selection: selection,
            createdBefore: try times["created_before"].required("created_before"),
            perSecond: try numbers["per_second"].required("per_second"),
            requestedBy: try principals["requested_by"].required("requested_by"),
            requestedAt: try times["requested_at"].required("requested_at"), total: try numbers["total"].required("total"),
            state: try state.required("state"), counts: counts, endedAt: times["ended_at"], abortedBy: principals["aborted_by"])
    }

    /// The action stands before its parameters.
    private mutating func bulkParameters(of kind: BulkAction.Kind) throws -> BulkAction {
        var reason: String?
        var start: RerunStart?
        var version = RerunVersion.current
        var labels = LabelChange()
        var resolution: Resolution?
        try object { reader, name in
            switch name {
            case "reason": reason = try reader.optional { try $0.string() }
            case "from": start = try reader.choice()
            case "version": version = try reader.choice()
            case "resolution": resolution = try reader.choice()
            case "labels": labels = try reader.labelChange()
            default: try reader.skip()
            }
        }
        return switch kind {
        case .stop: .stop(reason: reason.map { ExactText($0) })
        case .rerun: .rerun(from: start, version: version)
        case .resolve: .resolve(try resolution.required("resolution"), reason: reason.map { ExactText($0) })
        case .delete: .delete
        case .label: .label(labels)
        }
    }

    fileprivate mutating func bulkReceipt() throws -> BulkReceipt {
        var texts: [String: String] = [:]
        var number: Int?
        var outcome: BulkOutcome?
        var writtenAt: Timestamp?
        try object { reader, name in
            switch name {
            case "run_id", "reason", "rerun_id": texts[name] = try reader.optional { try $0.string() }
            case "number": number = try reader.integer()
            case "outcome": outcome = try reader.choice()
            case "written_at": writtenAt = try reader.timestamp()
            default: try reader.skip()
            }
        }
        return BulkReceipt(
            number: try number.required("number"), run: RunID(rawValue: try texts["run_id"].required("run_id")),
            result: BulkResult(
                try outcome.required("outcome"), texts["reason"], rerun: texts["rerun_id"].map(RunID.init(rawValue:))),
            writtenAt: try writtenAt.required("written_at"))
    }
}
