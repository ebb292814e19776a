import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func pause(
        _ configuration: String, of tenant: Tenant, with request: WorkflowPause
    ) async throws -> WorkflowPause? {
        try await write { database, signals in
            guard let number = try database.number(of: tenant) else { return nil }
            return try database.pause(configuration, of: tenant, numbered: number, with: request, signals: &signals)
        }
    }

    public func resume(_ configuration: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool {
        try await write { database, signals in
            guard let number = try database.number(of: tenant) else { return false }
            return try database.resume(configuration, of: tenant, numbered: number, at: now, signals: &signals)
        }
    }

    public func pause(of configuration: String, tenant: Tenant, at now: Timestamp) async throws -> WorkflowPause? {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return nil }
            let pause = try database.lastPause(of: configuration, tenant: number)?.pause
            return pause.flatMap { $0.isInForce(at: now) ? $0 : nil }
        }
    }

    public func pauses(of tenant: Tenant, at now: Timestamp) async throws -> [String: WorkflowPause] {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return [:] }
            let pauses = try database.rows(PauseStatement.ofAll, number) { columns in
                (try columns.next(String.self), try columns.nextPause())
            }
            return Dictionary(uniqueKeysWithValues: pauses).compactMapValues { $0.flatMap { $0.isInForce(at: now) ? $0 : nil } }
        }
    }
}

enum PauseStatement {
    static let ofOne = """
        SELECT v.name, \(PauseColumns.list) FROM configurations AS c
        CROSS JOIN configuration_versions AS v ON v.number = c.version
        LEFT JOIN principals AS p ON p.number = c.paused_by
        WHERE c.tenant = ? AND c.id = ?
        """
    /// Also those that have ended: a configuration has one row, and a tenant has few configurations.
    static let ofAll = """
        SELECT c.id, \(PauseColumns.list) FROM configurations AS c
        CROSS JOIN principals AS p ON p.number = c.paused_by
        WHERE c.tenant = ?
        """
}

extension DatabaseConnection: PauseTransaction {
    func lastPause(of configuration: String, tenant: Int) throws -> LastPause? {
        try row(PauseStatement.ofOne, tenant, configuration) { try $0.nextLastPause() }
    }

    func setPause(_ pause: WorkflowPause, of configuration: String, tenant: Int) throws {
        try change(
            """
            UPDATE configurations SET pause_reason = ?, paused_by = ?, paused_at = ?, paused_until = ? WHERE tenant = ? AND id = ?
            """, pause.reason, try findOrCreate(pause.pausedBy, in: tenant), pause.since, pause.until, tenant, configuration)
    }

    func reconsiderSchedules(of configuration: String, tenant: Int, at now: Timestamp) throws {
        try change(
            "UPDATE schedule_cursors SET revision = revision + 1, wake_at = ? WHERE tenant = ? AND configuration = ?", now, tenant,
            configuration)
    }
}
