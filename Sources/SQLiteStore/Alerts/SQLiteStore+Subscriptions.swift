import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func subscribe(
        _ subscription: RunSubscription, to run: RunID, of tenant: Tenant
    ) async throws -> SubscriptionOutcome {
        try await write { database in
            guard let number = try database.number(of: tenant) else { return .noSuchRun }
            return try database.subscribe(subscription, to: run, of: tenant, numbered: number)
        }
    }

    public func unsubscribe(_ receiver: String, from run: RunID, of tenant: Tenant) async throws -> UnsubscriptionOutcome {
        try await write { database in
            guard let number = try database.number(of: tenant) else { return .noSuchRun }
            return try database.unsubscribe(receiver, from: run, of: tenant, numbered: number)
        }
    }

    public func subscriptions(to run: RunID, of tenant: Tenant) async throws -> RunSubscriptions? {
        try await read { database in
            guard let number = try database.number(of: tenant), let found = try database.lockedSubscribedRun(run, of: number) else {
                return nil
            }
            let subscriptions = try database.subscriptions(to: found.reference, of: number)
            return RunSubscriptions(subscriptions, event: found.event)
        }
    }
}

enum SubscriptionStatement {
    static let run = """
        SELECT number, name, state, ended_at, error_attribution, configuration IS NULL FROM runs INDEXED BY runs_id
        WHERE tenant = ? AND id = ?
        """
    /// A run and its subscribers in one query: most runs have none.
    static let alertedRun = """
        SELECT r.id, r.name, r.configuration, t.name, (
            SELECT group_concat(s.receiver, ',') FROM run_subscriptions AS s WHERE s.tenant = r.tenant AND s.run = r.number)
        FROM runs AS r CROSS JOIN run_types AS t ON t.number = r.type WHERE r.number = ?
        """
    static let receiver = "SELECT disabled_at IS NOT NULL FROM alert_receivers WHERE tenant = ? AND name = ?"
    static let list = """
        SELECT s.receiver, p.id, p.name, p.email, s.requested_at FROM run_subscriptions AS s
        CROSS JOIN principals AS p ON p.number = s.requested_by
        WHERE s.tenant = ? AND s.run = ? ORDER BY s.receiver
        """
    static let insert = """
        INSERT INTO run_subscriptions (tenant, run, receiver, requested_at, requested_by) VALUES (?, ?, ?, ?, ?)
        """
    static let deleteOne = "DELETE FROM run_subscriptions WHERE tenant = ? AND run = ? AND receiver = ?"
    static let deleteOfRun = "DELETE FROM run_subscriptions WHERE tenant = ? AND run = ?"
    static let deleteOfReceiver = """
        DELETE FROM run_subscriptions WHERE (tenant, run, receiver) IN (
            SELECT tenant, run, receiver FROM run_subscriptions INDEXED BY run_subscriptions_receiver WHERE tenant = ? AND receiver = ?)
        """
}

extension DatabaseConnection: SubscriptionTransaction {
    func lockedSubscribedRun(_ run: RunID, of tenant: Int) throws -> SubscribedRun<Int>? {
        try row(SubscriptionStatement.run, tenant, run) { columns in
            let number = try columns.next(Int.self)
            return try columns.nextSubscribedRun(number)
        }
    }

    func isDisabled(_ receiver: String, of tenant: Int) throws -> Bool? {
        try row(SubscriptionStatement.receiver, tenant, receiver) { try $0.next(Bool.self) }
    }

    func subscriptions(to run: Int, of tenant: Int) throws -> [RunSubscription] {
        try rows(SubscriptionStatement.list, tenant, run) { try $0.nextSubscription() }
    }

    func insert(_ subscriptions: [RunSubscription], to run: Int, of tenant: Int) throws {
        for subscription in subscriptions {
            try change(
                SubscriptionStatement.insert, tenant, run, subscription.receiver, subscription.requestedAt,
                try findOrCreate(subscription.requestedBy, in: tenant))
        }
    }

    func deleteSubscription(of receiver: String, to run: Int, of tenant: Int) throws -> Bool {
        try change(SubscriptionStatement.deleteOne, tenant, run, receiver) > 0
    }

    func deleteSubscriptions(of receiver: String, tenant: Int) throws {
        try change(SubscriptionStatement.deleteOfReceiver, tenant, receiver)
    }
}
