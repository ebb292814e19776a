import GRDB
public import WorkflowModel

extension SQLiteStore {
    public func alerts(of tenant: Tenant, in state: Alert.State?, from place: Int?, limit: Int) async throws -> AlertPage {
        try await read { database in
            guard let number = try database.number(of: tenant), limit > 0 else { return AlertPage(alerts: [], next: nil) }
            let place = place ?? .max
            // One more than is asked for tells whether there is another page.
            let found =
                if let state {
                    try database.rows(
                        AlertStatement.columns
                            + "WHERE a.tenant = ? AND a.state = ? AND a.number < ? ORDER BY a.number DESC LIMIT ?",
                        number, state, place, limit + 1
                    ) { try $0.nextAlert(of: tenant) }
                } else {
                    try database.rows(
                        AlertStatement.columns + "WHERE a.tenant = ? AND a.number < ? ORDER BY a.number DESC LIMIT ?",
                        number, place, limit + 1
                    ) { try $0.nextAlert(of: tenant) }
                }
            let page = found.prefix(limit)
            return AlertPage(alerts: page.map(\.alert), next: found.count > limit ? page.last.map { Int($0.number) } : nil)
        }
    }

    public func alert(_ id: String, of tenant: Tenant) async throws -> Alert? {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return nil }
            return try database.alert(id, of: number, named: tenant)?.alert
        }
    }

    public func resendAlert(_ id: String, of tenant: Tenant, at now: Timestamp) async throws -> Alert? {
        try await write { database in
            guard let number = try database.number(of: tenant), var stored = try database.alert(id, of: number, named: tenant)
            else { return nil }
            stored.alert.resend(at: now)
            try database.save(stored)
            return stored.alert
        }
    }

    public func claimAlertsOfAllTenants(limit: Int, until expiry: Timestamp, at now: Timestamp) async throws -> [ClaimedAlert] {
        // Nothing is due most of the time, and a look that only reads costs next to nothing.
        guard limit > 0, try await read({ try $0.hasAlertsDue(at: now) }) else { return [] }
        return try await write { database in
            let due = try database.rows(ClaimStatement.due, now, now) { columns in
                (tenant: try columns.next(Int64.self), number: try columns.next(Int64?.self))
            }
            let heads = try due.compactMap { due -> (due: Timestamp, tenant: Int64, number: Int64)? in
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
            let name = claimed.alert.tenant
            // What was delivered is said again by who got no answer.
            guard let tenant = try database.number(of: name),
                var stored = try database.alert(claimed.alert.id, of: tenant, named: name), stored.token == claimed.token,
                stored.alert.state != .delivered
            else { return }
            // Who is late may find it busy with something else.
            try database.change(
                "UPDATE alert_receivers SET busy_until = NULL WHERE tenant = ? AND name = ? AND busy_until = ?", tenant,
                stored.alert.receiver, claimed.expiry)
            // Given up meanwhile, because the receiver was dropped or disabled.
            guard stored.alert.state == .pending else { return }
            stored.alert.apply(outcome, at: now)
            try database.save(stored)
            guard case .gone(let reason) = outcome, var receiver = try database.receiver(stored.alert.receiver, of: tenant) else {
                return
            }
            receiver.apply(.silenced(reason), at: now)
            try database.save(receiver, of: tenant)
            try database.giveUpAlerts(to: receiver.name, of: tenant, reason)
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

extension Database {
    fileprivate func hasAlertsDue(at now: Timestamp) throws -> Bool {
        try row("SELECT 1 FROM alerts INDEXED BY alerts_next WHERE next_at <= ? LIMIT 1", now) { _ in true } ?? false
    }

    fileprivate func alert(_ id: String, of tenant: Int64, named name: Tenant) throws -> StoredAlert? {
        try row(AlertStatement.columns + "WHERE a.tenant = ? AND a.id = ?", tenant, id) { try $0.nextAlert(of: name) }
    }

    fileprivate func save(_ stored: StoredAlert) throws {
        let alert = stored.alert
        try change(
            "UPDATE alerts SET state = ?, attempts = ?, next_at = ?, last_attempt_at = ?, answer = ? WHERE number = ?",
            alert.state, alert.attempts, alert.nextAttemptAt, alert.lastAttemptAt, alert.answer, stored.number)
    }

    fileprivate func claimAlert(_ number: Int64, of tenant: Int64, until expiry: Timestamp) throws -> ClaimedAlert? {
        try change(
            "UPDATE alerts SET token = token + 1, attempts = attempts + 1, next_at = ? WHERE number = ?", expiry, number)
        guard let name = try self.tenant(numbered: tenant),
            let stored = try row(AlertStatement.columns + "WHERE a.number = ?", number, decode: { try $0.nextAlert(of: name) }),
            let receiver = try receiver(stored.alert.receiver, of: tenant)
        else { return nil }
        try change("UPDATE alert_receivers SET busy_until = ? WHERE tenant = ? AND name = ?", expiry, tenant, receiver.name)
        return ClaimedAlert(alert: stored.alert, receiver: receiver, token: stored.token)
    }
}
