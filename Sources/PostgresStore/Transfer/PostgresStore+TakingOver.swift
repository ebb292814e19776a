public import WorkflowModel

extension PostgresStore: StoreImport {
    public func beginTransfer(of source: [UInt8]) async throws -> TransferStage {
        try await write { (database, attempt: inout WriteAttempt<TransferStage>) in
            if let (known, stage) = try database.transfer() {
                guard known == source else {
                    throw StoreError(
                        .duplicate,
                        "The database holds what was taken over from another data directory, or from this one before it changed: "
                            + "use an empty database.")
                }
                return stage
            }
            guard try database.holdsNothing() else {
                throw StoreError(.duplicate, "The database holds a service's data already: use an empty database.")
            }
            let added = try database.change(
                "INSERT INTO transfer (source, part) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                source, TransferPart.first.rawValue)
            guard added > 0 else { throw StoreError(.unavailable, "Another takeover into this database has just begun.") }
            return .part(.first, from: nil)
        }
    }

    public func add(_ records: TransferRecords, reaching stage: TransferStage) async throws {
        try await write(into: records.months) { (database, attempt: inout WriteAttempt<Void>) in
            guard let (_, present) = try database.transfer(), present != .ended else {
                throw StoreError(.unavailable, "No takeover into this database is going on.")
            }
            // Written by the try before, whose answer was lost.
            if attempt.former != nil, present == stage { return }
            try database.add(records)
            try database.keep(stage)
        }
    }

    public func endTransfer() async throws {
        // Whoever looks first gets totals that cost what they will cost.
        do { try await pool.foldRunCounts() } catch { throw StoreError.error(for: error) }
        try await write { database in
            try database.change("UPDATE transfer SET has_ended = true")
            return
        }
    }

    /// A database that is being taken over is nobody's to work with.
    /// - Throws: ``StoreError/Code/unavailable``
    static func refuseUnlessWhole(_ database: PostgresConnection) throws {
        guard let (_, stage) = try database.transfer(), stage != .ended else { return }
        throw StoreError(
            .unavailable, "The database is being filled by weir move, which has not come to its end: run it again to go on.")
    }
}

extension TransferRecords {
    /// In which the runs were created that this is about.
    fileprivate var months: Set<PartitionMonth> {
        switch self {
        case .runs(let runs): Set(runs.map { PartitionMonth(of: $0.run.createdAt) })
        case .output(let pieces): Set(pieces.map { PartitionMonth(of: $0.runCreatedAt) })
        case .secrets, .tenants, .keys, .versions, .configurations, .startKeys, .alertReceivers, .alertRules, .alerts,
            .schedules, .ticks:
            []
        }
    }
}

extension PostgresConnection {
    /// Takes hold of the takeover that has begun; nil when none has.
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

    fileprivate func holdsNothing() throws -> Bool {
        for table in ["tenants", "service_secrets", "api_keys", "runs"] {
            if try row("SELECT 1 FROM \(table) LIMIT 1", decode: { _ in true }) != nil { return false }
        }
        return true
    }
}
