public import WorkflowModel

extension PostgresStore {
    public func alerts(of tenant: Tenant, in state: Alert.State?, from place: Int?, limit: Int) async throws -> AlertPage {
        try await read { database in
            guard let number = try database.number(of: tenant), limit > 0 else { return AlertPage(alerts: [], next: nil) }
            let place = place ?? .max
            // One more than is asked for tells whether there is another page.
            let found =
                if let state {
                    try database.rows(
                        AlertStatement.columns
                            + "WHERE a.tenant = $1 AND a.state = $2 AND a.number < $3 ORDER BY a.number DESC LIMIT $4",
                        number, state, place, limit + 1
                    ) { try database.nextAlert(&$0) }
                } else {
                    try database.rows(
                        AlertStatement.columns + "WHERE a.tenant = $1 AND a.number < $2 ORDER BY a.number DESC LIMIT $3",
                        number, place, limit + 1
                    ) { try database.nextAlert(&$0) }
                }
            let page = found.prefix(limit)
            return AlertPage(alerts: page.map(\.alert), next: found.count > limit ? page.last?.number : nil)
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
            guard let number = try database.number(of: tenant), var stored = try database.alert(id, of: number, locking: true)
            else { return nil }
            stored.alert.resend(at: now)
            try database.save(stored)
            return stored.alert
        }
    }

    public func claimAlertsOfAllTenants(limit: Int, until expiry: Timestamp, at now: Timestamp) async throws -> [ClaimedAlert] {
        // Nothing is due most of the time, and a look costs next to nothing.
        guard limit > 0, try await read({ try $0.hasAlertsDue(at: now) }) else { return [] }
        return try await write { (database, attempt: inout WriteAttempt<[ClaimedAlert]>) in
            // What the try before claimed, whose answer was lost, is this process's.
            if let former = attempt.former, let first = former.first, try database.holds(first) { return former }
            return try database.claimAlerts(limit: limit, until: expiry, at: now)
        }
    }

    public func report(_ outcome: AlertOutcome, of claimed: ClaimedAlert, at now: Timestamp) async throws {
        try await write { database in
            let name = claimed.alert.receiver
            guard let tenant = try database.number(of: claimed.alert.tenant) else { return }
            let receiver = try database.lockedReceiver(name, of: tenant)
            // A try whose answer was lost may have reported it.
            guard var stored = try database.alert(claimed.alert.id, of: tenant, locking: true), stored.token == claimed.token,
                stored.alert.state != .delivered
            else { return }
            // Who is late may find it busy with something else.
            try database.change(
                "UPDATE alert_receivers SET busy_until = NULL WHERE tenant = $1 AND name = $2 AND busy_until = $3", tenant, name,
                claimed.expiry)
            // Given up meanwhile, because the receiver was dropped or disabled.
            guard stored.alert.state == .pending else { return }
            stored.alert.apply(outcome, at: now)
            try database.save(stored)
            guard case .gone(let reason) = outcome, var receiver else { return }
            receiver.apply(.silenced(reason), at: now)
            try database.update(receiver, of: tenant)
            try database.giveUpAlerts(to: name, of: tenant, reason)
        }
    }
}

extension PostgresConnection {
    fileprivate func hasAlertsDue(at now: Timestamp) throws -> Bool {
        try row("SELECT 1 FROM alerts WHERE next_at <= $1 LIMIT 1", now) { _ in true } ?? false
    }

    fileprivate func alert(_ id: String, of tenant: Int, locking isLocking: Bool = false) throws -> StoredAlert? {
        try row(AlertStatement.columns + "WHERE a.tenant = $1 AND a.id = $2" + (isLocking ? " FOR UPDATE" : ""), tenant, id) {
            try nextAlert(&$0)
        }
    }

    fileprivate func save(_ stored: StoredAlert) throws {
        let alert = stored.alert
        try change(
            "UPDATE alerts SET state = $1, attempts = $2, next_at = $3, last_attempt_at = $4, answer = $5 WHERE number = $6",
            alert.state, alert.attempts, alert.nextAttemptAt, alert.lastAttemptAt, alert.answer, stored.number)
    }

    fileprivate func holds(_ claimed: ClaimedAlert) throws -> Bool {
        try alert(claimed.alert.id, of: try number(of: claimed.alert.tenant) ?? 0)?.token == claimed.token
    }

    fileprivate func claimAlerts(limit: Int, until expiry: Timestamp, at now: Timestamp) throws -> [ClaimedAlert] {
        // Receivers first, each taken by one node. What is due of them is looked up by a statement of its own, which sees
        // what whoever had the receiver before has written.
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
