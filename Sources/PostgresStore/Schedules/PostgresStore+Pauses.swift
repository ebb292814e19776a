import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func pause(
        _ configuration: String, of tenant: Tenant, with request: WorkflowPause
    ) async throws -> WorkflowPause? {
        try await write { (database, attempt: inout WriteAttempt<WorkflowPause?>) in
            guard let number = try database.number(of: tenant) else { return nil }
            try database.lockConfigurations(of: number)
            return try database.pause(
                configuration, of: tenant, numbered: number, with: request, former: attempt.former ?? nil, signals: &attempt.signals
            )
        }
    }

    public func resume(_ configuration: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool {
        try await write { (database, attempt: inout WriteAttempt<Bool>) in
            guard let number = try database.number(of: tenant) else { return false }
            try database.lockConfigurations(of: number)
            return try database.resume(configuration, of: tenant, numbered: number, at: now, signals: &attempt.signals)
        }
    }

    public func pause(of configuration: String, tenant: Tenant, at now: Timestamp) async throws -> WorkflowPause? {
        try await readAnywhere { database in
            guard let number = try database.number(of: tenant) else { return nil }
            let pause = try database.lastPause(of: configuration, tenant: number)?.pause
            return pause.flatMap { $0.isInForce(at: now) ? $0 : nil }
        }
    }

    public func pauses(of tenant: Tenant, at now: Timestamp) async throws -> [String: WorkflowPause] {
        try await readAnywhere { database in
            guard let number = try database.number(of: tenant) else { return [:] }
            let pauses = try database.rows(PauseStatement.ofAll, number) { columns in
                (try columns.next(String.self), try columns.nextPause())
            }
            return Dictionary(uniqueKeysWithValues: pauses).compactMapValues { $0.flatMap { $0.isInForce(at: now) ? $0 : nil } }
        }
    }
}

private enum PauseStatement {
    static let ofOne = """
        SELECT v.name, \(PauseColumns.list) FROM configurations AS c
        JOIN configuration_versions AS v ON v.number = c.version
        LEFT JOIN principals AS p ON p.number = c.paused_by
        WHERE c.tenant = $1 AND c.id = $2
        """
    /// Also those that have ended: a configuration has one row, and a tenant has few configurations.
    static let ofAll = """
        SELECT c.id, \(PauseColumns.list) FROM configurations AS c
        JOIN principals AS p ON p.number = c.paused_by
        WHERE c.tenant = $1
        """
}

extension PostgresConnection: PauseTransaction {
    func lastPause(of configuration: String, tenant: Int) throws -> LastPause? {
        try row(PauseStatement.ofOne, tenant, configuration) { try $0.nextLastPause() }
    }

    func setPause(_ pause: WorkflowPause, of configuration: String, tenant: Int) throws {
        try change(
            """
            UPDATE configurations SET pause_reason = $1, paused_by = $2, paused_at = $3, paused_until = $4
            WHERE tenant = $5 AND id = $6
            """, pause.reason, try findOrCreate(pause.pausedBy, in: tenant), pause.since, pause.until, tenant, configuration)
    }

    func reconsiderSchedules(of configuration: String, tenant: Int, at now: Timestamp) throws {
        try change(
            "UPDATE schedule_cursors SET revision = revision + 1, wake_at = $1 WHERE tenant = $2 AND configuration = $3", now,
            tenant, configuration)
    }
}
