import StoreCore
import WorkflowModel

enum FiringStatement {
    static let columns = "SELECT \(FiringColumns.list) FROM firings "
    static let one = columns + "WHERE tenant = ? AND id = ?"
    static let page =
        columns + """
            INDEXED BY firings_configuration
            WHERE tenant = ? AND configuration = ? AND fired_at >= ? AND fired_at < ? AND (fired_at, id) < (?, ?)
            ORDER BY fired_at DESC, id DESC LIMIT ?
            """
    static let afterRun = columns + "WHERE tenant = ? AND id >= ? AND id < ? ORDER BY id LIMIT ?"
    static let waiting = """
        SELECT tenant, \(FiringColumns.list) FROM firings INDEXED BY firings_due
        WHERE outcome = 'waiting' AND due_at <= ? ORDER BY due_at LIMIT ?
        """
    static let deleteOld = """
        DELETE FROM firings WHERE (tenant, id) IN (
            SELECT tenant, id FROM firings INDEXED BY firings_age
            WHERE tenant = ? AND fired_at < ? AND outcome <> 'waiting' ORDER BY fired_at LIMIT ?)
        """
    static let insert = """
        INSERT INTO firings (tenant, id, configuration, source, cause_run, cause_state, delivery, depth, fired_at, outcome, note, run,
            parameters, due_at, decided_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, id) DO NOTHING
        """
    static let save = """
        UPDATE firings SET outcome = ?, note = ?, run = ?, parameters = ?, due_at = ?, decided_at = ? WHERE tenant = ? AND id = ?
        """
    static let triggersAfter = "SELECT configuration, ends FROM after_triggers WHERE tenant = ? AND source = ?"
    static let deleteTriggers = "DELETE FROM after_triggers WHERE tenant = ? AND configuration = ?"
}

extension DatabaseConnection: TriggerTransaction {
    func triggers(after configuration: String, of tenant: Int) throws -> [StoredTrigger] {
        try rows(FiringStatement.triggersAfter, tenant, configuration) { try $0.nextTrigger() }
    }

    func insert(_ firings: [TriggerFiring], of tenant: Int) throws {
        for firing in firings {
            let cause = firing.causeColumns
            try change(
                FiringStatement.insert, tenant, firing.id, firing.configuration, cause.source, cause.run, cause.state,
                cause.delivery,
                firing.depth, firing.firedAt, firing.outcome, firing.note, firing.run, firing.parameters, firing.dueAt,
                firing.decidedAt)
        }
    }

    func lockedFiring(_ id: String, of tenant: Int, named name: Tenant) throws -> TriggerFiring? {
        try row(FiringStatement.one, tenant, id) { try $0.nextFiring(of: name) }
    }

    func save(_ firing: TriggerFiring, of tenant: Int) throws {
        try change(
            FiringStatement.save, firing.outcome, firing.note, firing.run, firing.parameters, firing.dueAt, firing.decidedAt,
            tenant,
            firing.id)
    }

    func lockedPause(of configuration: String, tenant: Int) throws -> LastPause? {
        try lastPause(of: configuration, tenant: tenant)
    }

    /// Replaces the triggers of a configuration after other workflows.
    func saveTriggers(_ triggers: [AfterTrigger], of configuration: String, tenant: Int) throws {
        try change(FiringStatement.deleteTriggers, tenant, configuration)
        for trigger in triggers {
            try change(
                "INSERT INTO after_triggers (tenant, source, configuration, ends) VALUES (?, ?, ?, ?)", tenant, trigger.source,
                configuration, trigger.storedText)
        }
    }

    /// - Returns: how many were deleted; the limit when more may be left.
    func deleteFirings(of tenant: Int, before cutoff: Timestamp, limit: Int) throws -> Int {
        try change(FiringStatement.deleteOld, tenant, cutoff, limit)
    }
}

extension DatabaseConnection {
    func allTriggers() throws -> [ConfigurationTriggers] {
        let tenants = try rows("SELECT number, name FROM tenants ORDER BY number") {
            (number: try $0.next(Int.self), name: try $0.nextTenant())
        }
        return try tenants.flatMap { tenant in
            let triggers = try rows(
                """
                SELECT configuration, source, ends FROM after_triggers INDEXED BY after_triggers_configuration
                WHERE tenant = ? ORDER BY configuration, source
                """, tenant.number
            ) { columns in
                (configuration: try columns.next(String.self), trigger: try columns.nextAfterTrigger(after: try columns.next()))
            }
            return [ConfigurationTriggers](triggers, of: tenant.name)
        }
    }

    func firings(
        after key: FiringTransferPlace, limit: Int
    ) throws -> [TransferredRow<FiringTransferPlace, TriggerFiring>] {
        try rows(
            """
            SELECT tenant, \(FiringColumns.list) FROM firings WHERE (tenant, id) > (?, ?) ORDER BY tenant, id LIMIT ?
            """, key.tenant, key.id, limit
        ) { columns in
            let number = try columns.next(Int.self)
            let firing = try columns.nextFiring(of: try tenant(numbered: number))
            return TransferredRow(FiringTransferPlace(tenant: number, id: firing.id), firing)
        }
    }
}
