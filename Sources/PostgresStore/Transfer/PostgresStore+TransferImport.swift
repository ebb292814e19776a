import StoreCore
public import WorkflowModel

extension PostgresStore: StoreImport {
    public func beginTransfer(of source: [UInt8]) async throws -> TransferStage {
        try await write { (database, attempt: inout WriteAttempt<TransferStage>) in
            if let (known, stage) = try database.transfer() {
                guard known == source else {
                    throw StoreError(
                        .duplicate,
                        "The database holds a transfer from another data directory, or from this one before it changed: "
                            + "use an empty database.")
                }
                return stage
            }
            guard try database.isEmpty() else {
                throw StoreError(.duplicate, "The database holds a service's data already: use an empty database.")
            }
            let added = try database.change(
                "INSERT INTO transfer (source, part) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                source, TransferPart.first.rawValue)
            guard added > 0 else { throw StoreError(.unavailable, "Another transfer into this database has just begun.") }
            return .part(.first, from: nil)
        }
    }

    public func add(_ records: TransferRecords, reaching stage: TransferStage) async throws {
        try await write(into: records.months) { (database, attempt: inout WriteAttempt<Void>) in
            guard let (_, present) = try database.transfer(), present != .ended else {
                throw StoreError(.unavailable, "No transfer into this database is under way.")
            }
            // An earlier try, whose answer was lost, has written it.
            if attempt.former != nil, present == stage { return }
            try database.add(records)
            try database.keep(stage)
        }
    }

    public func endTransfer() async throws {
        // Folds all changes, so that the first totals are as fast as later ones.
        do { try await pool.foldRunCounts() } catch { throw StoreError.error(for: error) }
        try await write { database in
            try database.change("UPDATE transfer SET has_ended = true")
            return
        }
    }

    /// Refuses a database that a transfer has not filled completely.
    /// - Throws: ``StoreError/Code/unavailable``
    static func refuseIncompleteTransfer(_ database: PostgresConnection) throws {
        guard let (_, stage) = try database.transfer(), stage != .ended else { return }
        throw StoreError(
            .unavailable, "weir move has not filled the database completely: run it again to continue.")
    }
}

extension TransferRecords {
    /// The months in which the runs of these records were created.
    fileprivate var months: Set<PartitionMonth> {
        switch self {
        case .runs(let runs): Set(runs.map { PartitionMonth(of: $0.run.createdAt) })
        case .output(let pieces): Set(pieces.map { PartitionMonth(of: $0.runCreatedAt) })
        case .secrets, .tenants, .keys, .views, .tenantSecrets, .versions, .configurations, .startKeys, .alertReceivers,
            .alertRules, .triggers, .alerts, .schedules, .ticks, .firings, .statistics, .auditChains, .auditEvents, .bulkOperations,
            .bulkReceipts:
            []
        }
    }
}

extension PostgresConnection {
    /// Locks the transfer that has begun; nil when none has.
    fileprivate func transfer() throws -> (source: [UInt8], stage: TransferStage)? {
        try row("SELECT source, part, place, has_ended FROM transfer FOR UPDATE") { columns in
            let source = try columns.next([UInt8].self)
            let part = try columns.next(String?.self)
            let place = try columns.next(String?.self)
            let hasEnded = try columns.next(Bool.self)
            if hasEnded { return (source, .ended) }
            guard let part else { return (source, .copied) }
            guard let known = TransferPart(rawValue: part) else { throw StoreError.unreadable("the part \"\(part)\"") }
            return (source, .part(known, from: place.map { TransferPlace(text: $0) }))
        }
    }

    fileprivate func keep(_ stage: TransferStage) throws {
        var part: String?
        var place: String?
        if case .part(let reached, let from) = stage { (part, place) = (reached.rawValue, from?.text) }
        try change("UPDATE transfer SET part = $1, place = $2", part, place)
    }

    fileprivate func isEmpty() throws -> Bool {
        for table in ["tenants", "service_secrets", "api_keys", "runs"] {
            if try row("SELECT 1 FROM \(table) LIMIT 1", decode: { _ in true }) != nil { return false }
        }
        return true
    }
}
