import WorkflowModel

/// One try at a write.
struct WriteAttempt<Value: Sendable> {
    /// The value of an earlier try whose commit was sent and whose answer was lost: it may have been committed.
    let former: Value?
    /// Signals to send after the commit.
    var signals: Set<StoreSignal> = []
}

extension PostgresStore {
    /// Runs `body` in a transaction, and again when the server or the connection undid it.
    ///
    /// - Parameter months: those whose partitions `body` may need. They are created when they are missing.
    func write<Value: Sendable>(
        into months: Set<PartitionMonth> = [],
        _ body: @escaping @Sendable (PostgresConnection, inout WriteAttempt<Value>) throws -> Value
    ) async throws -> Value {
        let actor = AuditActor.current
        var former: Value?
        var tries = 1
        while true {
            do {
                let (value, signals) = try await pool.run { [former] connection in
                    connection.actor = actor
                    defer { connection.actor = nil }
                    return try connection.transaction {
                        var attempt = WriteAttempt(former: former)
                        let value = try body(connection, &attempt)
                        return (value, attempt.signals)
                    }
                }
                send(signals)
                return value
            } catch let uncertain as UncertainCommit<(Value, Set<StoreSignal>)> where tries < PostgresSettings.tries {
                former = uncertain.value.0
                // If it was committed, its signals are due; if not, they do no harm.
                send(uncertain.value.1)
            } catch let uncertain as UncertainCommit<(Value, Set<StoreSignal>)> {
                throw StoreError.storeError(for: uncertain.failure)
            } catch let failure as PostgresFailure where failure.isTransient && tries < PostgresSettings.tries {
                // The server has rolled it back.
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

    func completePartitions() async throws {
        do {
            try await pool.run { try $0.completePartitions() }
        } catch {
            throw StoreError.error(for: error)
        }
    }

    /// Reads from a standby if one is fit: it has everything that was acknowledged before, by any node.
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

    /// Reads, outside of Swift's thread pool.
    /// - Parameters:
    ///   - consistently: whether all statements see the same state of the database.
    ///   - reusingPlans: whether plans are reused; nil for statements about few rows of one table, which are indifferent to
    ///     it.
    func read<Value: Sendable>(
        consistently: Bool = false, reusingPlans: Bool? = false, _ body: @escaping @Sendable (PostgresConnection) throws -> Value
    ) async throws -> Value {
        var tries = 1
        while true {
            do {
                return try await pool.run { connection in
                    try connection.reusingPlans(reusingPlans) {
                        guard consistently else { return try body(connection) }
                        try connection.setPlanCacheMode()
                        return try connection.readingOneState { try body(connection) }
                    }
                }
            } catch let failure as PostgresFailure where failure.isTransient && tries < PostgresSettings.tries {
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
