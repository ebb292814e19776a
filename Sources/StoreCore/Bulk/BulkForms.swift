public import WorkflowModel

// The parts of a bulk operation as columns keep them.

extension BulkAction {
    /// The parameters as a JSON object; nil without any.
    public var storedParameters: JSONText? {
        var members = JSONMembers()
        switch self {
        case .stop(let reason):
            if let reason { members.add("reason", .string(reason.text)) }
        case .rerun(let start, let version):
            if let start { members.add("from", .string(start.rawValue)) }
            members.add("version", .string(version.rawValue))
        case .resolve(let resolution, let reason):
            members.add("resolution", .string(resolution.rawValue))
            if let reason { members.add("reason", .string(reason.text)) }
        case .delete: break
        case .label(let change):
            if let labels = change.set.storedText { members.add("set", .string(labels)) }
            if !change.removed.isEmpty { members.add("removed", .array(change.removed.sortedTexts.map(JSONValue.string))) }
        }
        return members.isEmpty ? nil : JSONText(.object(members))
    }

    public init(_ kind: Kind, storedParameters: JSONText?) throws {
        let members = storedParameters.flatMap { JSONValue(json: $0.text.utf8) }
        func text(_ name: String) -> String? { members?[name]?.string }
        switch kind {
        case .stop: self = .stop(reason: text("reason").map { ExactText($0) })
        case .rerun:
            self = .rerun(
                from: text("from").flatMap(RerunStart.init(rawValue:)),
                version: text("version").flatMap(RerunVersion.init(rawValue:)) ?? .current)
        case .resolve:
            guard let resolution = text("resolution").flatMap(Resolution.init(rawValue:)) else {
                throw StoreError.unreadable("a bulk operation without its resolution")
            }
            self = .resolve(resolution, reason: text("reason").map { ExactText($0) })
        case .delete: self = .delete
        case .label:
            var change = LabelChange()
            if let labels = text("set") { change.set = try RunLabels.stored(labels) }
            if case .array(let keys)? = members?["removed"] {
                change.removed = Set(keys.compactMap(\.string).map { ExactText($0) })
            }
            self = .label(change)
        }
    }
}

extension BulkSelection {
    /// The ids of runs as a JSON array; nil for a filter.
    public var storedRuns: JSONText? {
        guard case .runs(let runs) = self else { return nil }
        return JSONText(.array(runs.map { .string($0.rawValue) }))
    }

    /// The fields of a filter and their values, one after the other, as a JSON array; nil for runs that are named by their ids.
    public var storedFilter: JSONText? {
        guard case .filter(let filter) = self else { return nil }
        return JSONText(.array(filter.texts.flatMap { [.string($0.field.name), .string($0.text)] }))
    }

    public init(storedRuns runs: JSONText?, filter: JSONText?) throws {
        if let runs {
            self = .runs(try Self.texts(runs).map(RunID.init(rawValue:)))
            return
        }
        guard let filter else { throw StoreError.unreadable("a bulk operation without runs") }
        let texts = try Self.texts(filter)
        var read = RunFilter()
        for place in stride(from: 0, to: texts.count - 1, by: 2) {
            guard let field = RunFilterField(rawValue: texts[place]) else {
                throw StoreError.unreadable("the field of a filter \"\(texts[place])\"")
            }
            do {
                try read.add(texts[place + 1], to: field)
            } catch {
                throw StoreError.unreadable("the filter \(filter.text)")
            }
        }
        self = .filter(read)
    }

    private static func texts(_ stored: JSONText) throws -> [String] {
        guard case .array(let values) = JSONValue(json: stored.text.utf8) else {
            throw StoreError.unreadable("the runs of a bulk operation, \(stored.text)")
        }
        return values.compactMap(\.string)
    }
}

/// A bulk operation as it is kept.
public struct StoredBulkOperation: Sendable {
    /// Its place in the order of all operations.
    public var number: Int
    public var token: Int
    public var place: RunCursor?
    public var operation: BulkOperation

    public var transferred: TransferredBulkOperation { TransferredBulkOperation(operation, at: place) }

    /// The right that the newest claim has.
    public var lease: BulkLease { BulkLease(of: operation.id, tenant: operation.tenant, token: token) }
}

/// The columns of `bulk_operations AS o`, `principals AS p` and `principals AS a`, in the order of `nextBulkOperation(of:)`.
public enum BulkColumns {
    public static let list = """
        o.number, o.token, o.place_at, o.place_run, o.id, o.action, o.parameters, o.runs, o.filter, o.created_before, o.per_second,
        p.id, p.name, p.email, o.requested_at, o.total, o.state, o.done, o.unchanged, o.refused, o.ended_at, a.id, a.name, a.email
        """
    /// Of `bulk_receipts`.
    public static let receipt = "number, run, outcome, reason, rerun, written_at"
}

extension RowReader {
    /// The columns of ``BulkColumns/list``.
    public mutating func nextBulkOperation(of tenant: Tenant) throws -> StoredBulkOperation {
        let (number, token) = (try next(Int.self), try next(Int.self))
        let (placeAt, placeRun) = (try next(Int64?.self), try next(RunID?.self))
        let (id, kind, parameters) = (try next(BulkID.self), try next(BulkAction.Kind.self), try next(JSONText?.self))
        var operation = BulkOperation(
            id: id, tenant: tenant, action: try BulkAction(kind, storedParameters: parameters),
            selection: try BulkSelection(storedRuns: try next(), filter: try next()), createdBefore: try next(),
            perSecond: try next(), requestedBy: try nextPrincipal(), requestedAt: try next(), total: try next(),
            state: try next(), counts: BulkCounts(done: try next(), unchanged: try next(), refused: try next()),
            endedAt: try next())
        let (actor, name, email) = (try next(String?.self), try next(String?.self), try next(String?.self))
        if let actor, let name { operation.abortedBy = Principal(id: actor, name: name, email: email) }
        let place = placeAt.flatMap { value in placeRun.map { RunCursor(key: .created, value: value, id: $0) } }
        return StoredBulkOperation(number: number, token: token, place: place, operation: operation)
    }

    /// The columns of ``BulkColumns/receipt``.
    public mutating func nextBulkReceipt() throws -> BulkReceipt {
        BulkReceipt(
            number: try next(), run: try next(), result: BulkResult(try next(), try next(), rerun: try next()),
            writtenAt: try next())
    }
}

extension BulkReceipt {
    /// The columns tenant, operation and id of an operation, then those of ``BulkColumns/receipt``.
    /// - Parameter tenant: the name of a tenant.
    public static func transferred<Row: RowReader>(
        _ columns: inout Row, tenant: (Int) throws -> Tenant
    ) throws -> TransferredRow<BulkReceiptPlace, TransferredBulkReceipt> {
        let (number, operation) = (try columns.next(Int.self), try columns.next(Int.self))
        let id = try columns.next(BulkID.self)
        let receipt = try columns.nextBulkReceipt()
        return TransferredRow(
            BulkReceiptPlace(tenant: number, operation: operation, number: receipt.number),
            TransferredBulkReceipt(receipt, of: id, tenant: try tenant(number)))
    }
}

extension BulkPage {
    /// - Parameter operations: one more than the limit where there are more.
    public init(reading operations: [StoredBulkOperation], limit: Int) {
        let page = operations.prefix(limit)
        self.init(page.map(\.operation), next: operations.count > limit ? page.last?.number : nil)
    }
}

extension BulkID: SQLValue {}
extension BulkOperation.State: SQLValue {}
extension BulkOutcome: SQLValue {}
extension BulkAction.Kind: SQLValue {}
