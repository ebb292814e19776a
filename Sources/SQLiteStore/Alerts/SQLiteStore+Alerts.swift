import StoreCore
public import WorkflowModel

extension SQLiteStore {
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
                            + "WHERE a.tenant = ? AND a.state = ? AND a.number < ? ORDER BY a.number DESC LIMIT ?",
                        number, state, place, query.limit + 1
                    ) { try $0.nextAlert(of: query.tenant) }
                } else {
                    try database.rows(
                        AlertStatement.columns + "WHERE a.tenant = ? AND a.number < ? ORDER BY a.number DESC LIMIT ?",
                        number, place, query.limit + 1
                    ) { try $0.nextAlert(of: query.tenant) }
                }
            return AlertPage(reading: found, limit: query.limit)
        }
    }

    public func alert(_ id: String, of tenant: Tenant) async throws -> Alert? {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return nil }
            return try database.lockedAlert(id, of: number)?.alert
        }
    }

    public func resendAlert(_ id: String, of tenant: Tenant, at now: Timestamp) async throws -> Alert? {
        try await write { database in
            guard let number = try database.number(of: tenant), var stored = try database.lockedAlert(id, of: number) else {
                return nil
            }
            stored.alert.resend(at: now)
            try database.save(stored)
            try database.record(.alertResent, AuditObject(id, name: stored.alert.title), of: tenant, numbered: number)
            return stored.alert
        }
    }

    public func claimAlertsOfAllTenants(limit: Int, until expiry: Timestamp, at now: Timestamp) async throws -> [ClaimedAlert] {
        // Most of the time no alert is due, and a read costs less than a write.
        guard limit > 0, try await read({ try $0.hasAlertsDue(at: now) }) else { return [] }
        return try await write { database in
            let due = try database.rows(ClaimStatement.due, now, now) { columns in
                (tenant: try columns.next(Int.self), number: try columns.next(Int?.self))
            }
            let heads = try due.compactMap { due -> (due: Timestamp, tenant: Int, number: Int)? in
                guard let number = due.number else { return nil }
                let next = try database.row("SELECT next_at FROM alerts WHERE number = ?", number) { try $0.next(Timestamp.self) }
                return next.map { ($0, due.tenant, number) }
            }
            return try heads.sorted { ($0.due, $0.number) < ($1.due, $1.number) }.prefix(limit).compactMap { head in
                try database.claimAlert(head.number, of: head.tenant, until: expiry)
            }
        }
    }

    public func report(_ outcome: AlertOutcome, of claimed: ClaimedAlert, at now: Timestamp) async throws {
        try await write { database in
            guard let tenant = try database.number(of: claimed.alert.tenant) else { return }
            try database.report(outcome, of: claimed, tenant: tenant, at: now)
        }
    }
}

private enum ClaimStatement {
    static let due = """
        SELECT r.tenant, (
            SELECT a.number FROM alerts AS a INDEXED BY alerts_due
            WHERE a.tenant = r.tenant AND a.receiver = r.name AND a.next_at <= ? ORDER BY a.next_at, a.number LIMIT 1)
        FROM alert_receivers AS r WHERE r.disabled_at IS NULL AND (r.busy_until IS NULL OR r.busy_until <= ?)
        """
}

extension DatabaseConnection {
    fileprivate func hasAlertsDue(at now: Timestamp) throws -> Bool {
        try row("SELECT 1 FROM alerts INDEXED BY alerts_next WHERE next_at <= ? LIMIT 1", now) { _ in true } ?? false
    }

    fileprivate func claimAlert(_ number: Int, of tenant: Int, until expiry: Timestamp) throws -> ClaimedAlert? {
        try change(
            "UPDATE alerts SET token = token + 1, attempts = attempts + 1, next_at = ? WHERE number = ?", expiry, number)
        let name = try self.tenant(numbered: tenant)
        guard let stored = try row(AlertStatement.columns + "WHERE a.number = ?", number, decode: { try $0.nextAlert(of: name) }),
            let receiver = try lockedReceiver(stored.alert.receiver, of: tenant)
        else { return nil }
        try change("UPDATE alert_receivers SET busy_until = ? WHERE tenant = ? AND name = ?", expiry, tenant, receiver.name)
        return ClaimedAlert(alert: stored.alert, receiver: receiver, token: stored.token)
    }
}
