import WorkflowModel

/// One try at a verb that writes.
struct WriteAttempt<Value: Sendable> {
    /// What the try before would have returned, when its commit was sent and the answer lost: it may have happened.
    let former: Value?
    /// To be told to everybody once this is committed.
    var signals: Set<StoreSignal> = []
}

extension PostgresStore {
    /// Runs a verb's statements in a transaction, and again when the server or the connection undid them.
    ///
    /// - Parameter months: those whose partitions the verb may need, made when they are missing.
    func write<Value: Sendable>(
        into months: Set<PartitionMonth> = [],
        _ body: @escaping @Sendable (PostgresConnection, inout WriteAttempt<Value>) throws -> Value
    ) async throws -> Value {
        var former: Value?
        var tries = 1
        while true {
            do {
                let (value, signals) = try await pool.run { [former] connection in
                    try connection.transaction {
                        var attempt = WriteAttempt(former: former)
                        let value = try body(connection, &attempt)
                        return (value, attempt.signals)
                    }
                }
                send(signals)
                return value
            } catch let uncertain as UncertainCommit<(Value, Set<StoreSignal>)> where tries < PostgresSettings.tries {
                former = uncertain.value.0
                // If it happened, what it did is worth telling; if not, looking for it costs nothing.
                send(uncertain.value.1)
            } catch let uncertain as UncertainCommit<(Value, Set<StoreSignal>)> {
                throw StoreError.storeError(for: uncertain.failure)
            } catch let failure as PostgresFailure where failure.isPassing && tries < PostgresSettings.tries {
                // Nothing of it was kept.
            } catch let failure as PostgresFailure where failure.isMissingPartition && tries < PostgresSettings.tries {
                try await makePartitions(for: months)
            } catch {
                throw StoreError.error(for: error)
            }
            tries += 1
        }
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (PostgresConnection) throws -> Value) async throws -> Value {
        try await write { connection, _ in try body(connection) }
    }

    private func makePartitions(for months: Set<PartitionMonth>) async throws {
        do {
            try await pool.run { try $0.makePartitions(for: months) }
        } catch {
            throw StoreError.error(for: error)
        }
    }

    /// Reads what may as well come from a standby: it has everything that was acknowledged before, whoever wrote it.
    func readAnywhere<Value: Sendable>(
        consistently: Bool = false, reusingPlans: Bool? = false, _ body: @escaping @Sendable (PostgresConnection) throws -> Value
    ) async throws -> Value {
        if let replicas {
            let answer = try await replicas.read(consistently: consistently) { replica in
                try replica.reusingPlans(reusingPlans) { try body(replica) }
            }
            if case .value(let value) = answer { return value }
        }
        return try await read(consistently: consistently, reusingPlans: reusingPlans, body)
    }

    /// Reads, away from Swift's own threads.
    /// - Parameters:
    ///   - consistently: whether all statements see one and the same state of the database.
    ///   - reusingPlans: whether its statements are planned once and for all; nil for statements about few rows of one table, which
    ///     do not care.
    func read<Value: Sendable>(
        consistently: Bool = false, reusingPlans: Bool? = false, _ body: @escaping @Sendable (PostgresConnection) throws -> Value
    ) async throws -> Value {
        var tries = 1
        while true {
            do {
                return try await pool.run { connection in
                    try connection.reusingPlans(reusingPlans) {
                        guard consistently else { return try body(connection) }
                        try connection.tellOfPlans()
                        return try connection.readingOneState { try body(connection) }
                    }
                }
            } catch let failure as PostgresFailure where failure.isPassing && tries < PostgresSettings.tries {
                tries += 1
            } catch {
                throw StoreError.error(for: error)
            }
        }
    }
}

extension PostgresConnection {
    func reusingPlans<Value>(_ reusesPlans: Bool?, _ body: () throws -> Value) rethrows -> Value {
        self.reusesPlans = reusesPlans
        defer { self.reusesPlans = false }
        return try body()
    }

    func readingOneState<Value>(_ body: () throws -> Value) throws -> Value {
        try begin("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        defer { rollBack() }
        return try body()
    }
}
