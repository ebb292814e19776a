import StoreCore
import WorkflowModel

enum FiringStatement {
    static let columns = "SELECT \(FiringColumns.list) FROM firings "
    static let one = columns + "WHERE tenant = $1 AND id = $2"
    static let page =
        columns + """
            WHERE tenant = $1 AND configuration = $2 AND fired_at >= $3 AND fired_at < $4 AND (fired_at, id) < ($5, $6)
            ORDER BY fired_at DESC, id DESC LIMIT $7
            """
    static let afterRun = columns + "WHERE tenant = $1 AND id >= $2 AND id < $3 ORDER BY id LIMIT $4"
    static let waiting = """
        SELECT tenant, \(FiringColumns.list) FROM firings WHERE outcome = 'waiting' AND due_at <= $1 ORDER BY due_at LIMIT $2
        """
    static let deleteOld = """
        WITH old AS MATERIALIZED (
            SELECT tenant, id FROM firings
            WHERE tenant = $1 AND fired_at < $2 AND outcome <> 'waiting' ORDER BY fired_at LIMIT $3)
        DELETE FROM firings AS f USING old AS o WHERE f.tenant = o.tenant AND f.id = o.id
        """
    static let insert = """
        INSERT INTO firings (tenant, id, configuration, source, cause_run, cause_state, delivery, depth, fired_at, outcome, note, run,
            parameters, due_at, decided_at)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (tenant, id) DO NOTHING
        """
    static let triggersAfter = "SELECT configuration, ends FROM after_triggers WHERE tenant = $1 AND source = $2"
    static let deleteTriggers = "DELETE FROM after_triggers WHERE tenant = $1 AND configuration = $2"
}

extension PostgresConnection: TriggerTransaction {
    func triggers(after configuration: String, of tenant: Int) throws -> [StoredTrigger] {
        try rows(FiringStatement.triggersAfter, tenant, configuration) { try $0.nextTrigger() }
    }

    func insert(_ firings: [TriggerFiring], of tenant: Int) throws {
        try insert(firings, tenants: firings.map { _ in tenant })
    }

    private func insert(_ firings: [TriggerFiring], tenants: [Int]) throws {
        guard !firings.isEmpty else { return }
        let causes = firings.map(\.causeColumns)
        _ = try execute(
            FiringStatement.insert,
            [
                Column(tenants), Column(firings.map(\.id)), Column(firings.map(\.configuration)), Column(causes.map(\.source)),
                Column(causes.map(\.run)), Column(causes.map(\.state)), Column(causes.map(\.delivery)),
                Column(firings.map(\.depth)),
                Column(firings.map(\.firedAt)), Column(firings.map(\.outcome)), Column(firings.map(\.note)),
                Column(firings.map(\.run)), Column(firings.map(\.parameters)), Column(firings.map(\.dueAt)),
                Column(firings.map(\.decidedAt)),
            ])
    }

    func lockedFiring(_ id: String, of tenant: Int, named name: Tenant) throws -> TriggerFiring? {
        try row(FiringStatement.one + " FOR UPDATE", tenant, id) { try $0.nextFiring(of: name) }
    }

    func save(_ firing: TriggerFiring, of tenant: Int) throws {
        try change(
            """
            UPDATE firings SET outcome = $1, note = $2, run = $3, parameters = $4, due_at = $5, decided_at = $6
            WHERE tenant = $7 AND id = $8
            """, firing.outcome, firing.note, firing.run, firing.parameters, firing.dueAt, firing.decidedAt, tenant, firing.id)
    }

    /// Changes of configurations and pauses wait until the transaction ends. Starts of runs do not wait for each other.
    func lockedPause(of configuration: String, tenant: Int) throws -> LastPause? {
        _ = try execute("SELECT 1 FROM tenants WHERE number = $1 FOR SHARE", [tenant])
        return try lastPause(of: configuration, tenant: tenant)
    }

    /// Replaces the triggers of a configuration after other workflows.
    func saveTriggers(_ triggers: [AfterTrigger], of configuration: String, tenant: Int) throws {
        try change(FiringStatement.deleteTriggers, tenant, configuration)
        guard !triggers.isEmpty else { return }
        _ = try execute(
            "INSERT INTO after_triggers (tenant, configuration, source, ends) SELECT $1, $2, c.* FROM unnest($3, $4) AS c",
            [tenant, configuration, Column(triggers.map(\.source)), Column(triggers.map(\.storedText))])
    }

    /// - Returns: how many were deleted; the limit when more may be left.
    func deleteFirings(of tenant: Int, before cutoff: Timestamp, limit: Int) throws -> Int {
        try change(FiringStatement.deleteOld, tenant, cutoff, limit)
    }
}

extension PostgresConnection {
    func allTriggers() throws -> [ConfigurationTriggers] {
        let tenants = try rows("SELECT number FROM tenants ORDER BY number") { try $0.next(Int.self) }
        return try tenants.flatMap { number in
            let triggers = try rows(
                "SELECT configuration, source, ends FROM after_triggers WHERE tenant = $1 ORDER BY configuration, source", number
            ) { columns in
                (configuration: try columns.next(String.self), trigger: try columns.nextAfterTrigger(after: try columns.next()))
            }
            return [ConfigurationTriggers](triggers, of: try tenant(numbered: number))
        }
    }

    func firings(
        after key: FiringTransferPlace, limit: Int
    ) throws -> [TransferredRow<FiringTransferPlace, TriggerFiring>] {
        try rows(
            "SELECT tenant, \(FiringColumns.list) FROM firings WHERE (tenant, id) > ($1, $2) ORDER BY tenant, id LIMIT $3",
            key.tenant, key.id, limit
        ) { columns in
            let number = try columns.next(Int.self)
            let firing = try columns.nextFiring(of: try tenant(numbered: number))
            return TransferredRow(FiringTransferPlace(tenant: number, id: firing.id), firing)
        }
    }

    /// Writes triggers of another store.
    func add(_ triggers: [ConfigurationTriggers]) throws {
        for one in triggers { try saveTriggers(one.triggers, of: one.configuration, tenant: try findOrCreate(one.tenant)) }
    }

    /// Writes firings of another store.
    func add(_ firings: [TriggerFiring]) throws {
        try insert(firings, tenants: try firings.map { try findOrCreate($0.tenant) })
    }
}
