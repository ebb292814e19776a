import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func alerts(matching query: AlertQuery) async throws -> AlertPage {
        try await read { database in
            guard let number = try database.number(of: query.tenant), query.limit > 0 else {
                return AlertPage(alerts: [], next: nil)
            }
            let place = query.place ?? .max
            // One more row than the page holds tells whether another page follows.
            let found =
                if let state = query.state {
                    try database.rows(
                        AlertStatement.columns
                            + "WHERE a.tenant = $1 AND a.state = $2 AND a.number < $3 ORDER BY a.number DESC LIMIT $4",
                        number, state, place, query.limit + 1
                    ) { try database.nextAlert(&$0) }
                } else {
                    try database.rows(
                        AlertStatement.columns + "WHERE a.tenant = $1 AND a.number < $2 ORDER BY a.number DESC LIMIT $3",
                        number, place, query.limit + 1
                    ) { try database.nextAlert(&$0) }
                }
            return AlertPage(reading: found, limit: query.limit)
        }
    }

    public func alert(_ id: String, of tenant: Tenant) async throws -> Alert? {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return nil }
            return try database.alert(id, of: number)?.alert
        }
    }

    public func resendAlert(_ id: String, of tenant: Tenant, at now: Timestamp) async throws -> Alert? {
        try await write { (database, attempt: inout WriteAttempt<Alert?>) in
            guard let number = try database.number(of: tenant), var stored = try database.lockedAlert(id, of: number)
            else { return nil }
            stored.alert.resend(at: now)
            try database.save(stored)
            try database.record(.alertResent, AuditObject(id, name: stored.alert.title), of: tenant, numbered: number)
            return stored.alert
        }
    }

    public func claimAlertsOfAllTenants(limit: Int, until expiry: Timestamp, at now: Timestamp) async throws -> [ClaimedAlert] {
        // Most of the time no alert is due, and a read costs less than a write.
        guard limit > 0, try await read({ try $0.hasAlertsDue(at: now) }) else { return [] }
        return try await write { (database, attempt: inout WriteAttempt<[ClaimedAlert]>) in
            // An earlier try, whose answer was lost, has claimed them for this process.
            if let former = attempt.former, let first = former.first, try database.holds(first) { return former }
            return try database.claimAlerts(limit: limit, until: expiry, at: now)
        }
    }

    public func report(_ outcome: AlertOutcome, of claimed: ClaimedAlert, at now: Timestamp) async throws {
        try await write { database in
            guard let tenant = try database.number(of: claimed.alert.tenant) else { return }
            try database.report(outcome, of: claimed, tenant: tenant, at: now)
        }
    }
}

extension PostgresConnection {
    fileprivate func hasAlertsDue(at now: Timestamp) throws -> Bool {
        try row("SELECT 1 FROM alerts WHERE next_at <= $1 LIMIT 1", now) { _ in true } ?? false
    }

    fileprivate func alert(_ id: String, of tenant: Int) throws -> StoredAlert? {
        try row(AlertStatement.columns + "WHERE a.tenant = $1 AND a.id = $2", tenant, id) { try nextAlert(&$0) }
    }

    fileprivate func holds(_ claimed: ClaimedAlert) throws -> Bool {
        try alert(claimed.alert.id, of: try number(of: claimed.alert.tenant) ?? 0)?.token == claimed.token
    }

    fileprivate func claimAlerts(limit: Int, until expiry: Timestamp, at now: Timestamp) throws -> [ClaimedAlert] {
        // Receivers first, each locked by one node. Their alerts are read by a second statement, which sees what the previous
        // holder of the receiver has written.
        let taken = try rows(
            """
            SELECT r.tenant, r.name FROM alert_receivers AS r CROSS JOIN LATERAL (
                SELECT a.next_at FROM alerts AS a WHERE a.tenant = r.tenant AND a.receiver = r.name AND a.next_at <= $1
                ORDER BY a.next_at LIMIT 1) AS h
            WHERE r.disabled_at IS NULL AND (r.busy_until IS NULL OR r.busy_until <= $1)
            ORDER BY h.next_at LIMIT $2 FOR UPDATE OF r SKIP LOCKED
            """, now, limit
        ) { (tenant: try $0.next(Int.self), name: try $0.next(String.self)) }
        guard !taken.isEmpty else { return [] }
        let names: [any SQLValue] = [Column(taken.map(\.tenant)), Column(taken.map(\.name))]
        let numbers = try rows(
            """
            UPDATE alerts AS a SET token = a.token + 1, attempts = a.attempts + 1, next_at = $3
            FROM (
                SELECT h.number FROM unnest($1, $2) AS c (tenant, name) CROSS JOIN LATERAL (
                    SELECT d.number FROM alerts AS d WHERE d.tenant = c.tenant AND d.receiver = c.name AND d.next_at <= $4
                    ORDER BY d.next_at, d.number LIMIT 1) AS h) AS due
            WHERE a.number = due.number RETURNING a.number
            """, values: names + [expiry, now]
        ) { try $0.next(Int.self) }
        guard !numbers.isEmpty else { return [] }
        let alerts = try rows(AlertStatement.columns + "WHERE a.number = ANY ($1)", Column(numbers)) { try nextAlert(&$0) }
        return try alerts.compactMap { stored in
            let tenant = try number(of: stored.alert.tenant) ?? 0
            try change(
                "UPDATE alert_receivers SET busy_until = $1 WHERE tenant = $2 AND name = $3", expiry, tenant, stored.alert.receiver)
            return try lockedReceiver(stored.alert.receiver, of: tenant).map {
                ClaimedAlert(alert: stored.alert, receiver: $0, token: stored.token)
            }
        }
    }
}
