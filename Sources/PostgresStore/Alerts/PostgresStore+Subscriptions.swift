import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func subscribe(
        _ subscription: RunSubscription, to run: RunID, of tenant: Tenant
    ) async throws -> SubscriptionOutcome {
        try await write { (database, attempt: inout WriteAttempt<SubscriptionOutcome>) in
            guard let number = try database.number(of: tenant) else { return .noSuchRun }
            return try database.subscribe(subscription, to: run, of: tenant, numbered: number, former: attempt.former)
        }
    }

    public func unsubscribe(_ receiver: String, from run: RunID, of tenant: Tenant) async throws -> UnsubscriptionOutcome {
        try await write { (database, attempt: inout WriteAttempt<UnsubscriptionOutcome>) in
            guard let number = try database.number(of: tenant) else { return .noSuchRun }
            return try database.unsubscribe(receiver, from: run, of: tenant, numbered: number, former: attempt.former)
        }
    }

    public func subscriptions(to run: RunID, of tenant: Tenant) async throws -> RunSubscriptions? {
        try await readAnywhere { database in
            guard let number = try database.number(of: tenant),
                let found = try database.subscribedRun(run, of: number, SubscriptionStatement.run)
            else { return nil }
            let list = try database.subscriptions(to: [run], of: number).map(\.subscription)
            return RunSubscriptions(list, event: found.event)
        }
    }
}

/// A subscription with its run.
struct PlacedSubscription {
    var run: RunKey
    var subscription: RunSubscription
}

enum SubscriptionStatement {
    static let run = """
        SELECT created_at, name, state, ended_at, error_attribution, configuration IS NULL FROM runs
        WHERE tenant = $1 AND id = $2 AND created_at >= $3 AND created_at < $4
        """
    /// The end of the run waits for the subscription, or the subscription for the end. Retention waits, too.
    static let lockedRun = run + " FOR NO KEY UPDATE"
    /// A run and its subscribers in one query: most runs have none.
    static let alertedRun = """
        SELECT r.id, r.name, r.configuration, t.name, (
            SELECT string_agg(s.receiver, ',') FROM run_subscriptions AS s WHERE s.tenant = r.tenant AND s.run = r.id)
        FROM runs AS r JOIN run_types AS t ON t.number = r.type WHERE r.tenant = $1 AND r.created_at = $2 AND r.id = $3
        """
    static let receiver = "SELECT disabled_at IS NOT NULL FROM alert_receivers WHERE tenant = $1 AND name = $2 FOR KEY SHARE"
    static let list = """
        SELECT c.run, n.* FROM unnest($2) AS c (run)
        CROSS JOIN LATERAL (
            SELECT s.receiver, p.id, p.name, p.email, s.requested_at FROM run_subscriptions AS s
            JOIN principals AS p ON p.number = s.requested_by
            WHERE s.tenant = $1 AND s.run = c.run ORDER BY s.receiver) AS n
        """
    static let deleteOne = "DELETE FROM run_subscriptions WHERE tenant = $1 AND run = $2 AND receiver = $3"
    static let deleteOfReceiver = "DELETE FROM run_subscriptions WHERE tenant = $1 AND receiver = $2"
}

extension PostgresConnection: SubscriptionTransaction {
    func lockedSubscribedRun(_ run: RunID, of tenant: Int) throws -> SubscribedRun<RunKey>? {
        try subscribedRun(run, of: tenant, SubscriptionStatement.lockedRun)
    }

    fileprivate func subscribedRun(_ run: RunID, of tenant: Int, _ statement: String) throws -> SubscribedRun<RunKey>? {
        try findRun(run, of: tenant) { from, to in
            try row(statement, tenant, run, from, to) { columns in
                let key = RunKey(tenant: tenant, id: run, createdAt: try columns.next())
                return try columns.nextSubscribedRun(key)
            }
        }
    }

    func isDisabled(_ receiver: String, of tenant: Int) throws -> Bool? {
        try row(SubscriptionStatement.receiver, tenant, receiver) { try $0.next(Bool.self) }
    }

    func subscriptions(to run: RunKey, of tenant: Int) throws -> [RunSubscription] {
        try subscriptions(to: [run.id], of: tenant).map(\.subscription)
    }

    func subscriptions(to runs: [RunID], of tenant: Int) throws -> [(run: RunID, subscription: RunSubscription)] {
        try rows(SubscriptionStatement.list, tenant, Column(runs)) {
            (run: try $0.next(RunID.self), subscription: try $0.nextSubscription())
        }
    }

    func insert(_ subscriptions: [RunSubscription], to run: RunKey, of tenant: Int) throws {
        try insert(subscriptions.map { PlacedSubscription(run: run, subscription: $0) })
    }

    func insert(_ placed: [PlacedSubscription]) throws {
        guard !placed.isEmpty else { return }
        let subscriptions = placed.map(\.subscription)
        _ = try execute(
            """
            INSERT INTO run_subscriptions (tenant, run, run_created_at, receiver, requested_at, requested_by)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
            """,
            [
                Column(placed.map(\.run.tenant)), Column(placed.map(\.run.id)), Column(placed.map(\.run.createdAt)),
                Column(subscriptions.map(\.receiver)), Column(subscriptions.map(\.requestedAt)),
                Column(try placed.map { try findOrCreate($0.subscription.requestedBy, in: $0.run.tenant) }),
            ])
    }

    func deleteSubscription(of receiver: String, to run: RunKey, of tenant: Int) throws -> Bool {
        try change(SubscriptionStatement.deleteOne, tenant, run.id, receiver) > 0
    }

    func deleteSubscriptions(of receiver: String, tenant: Int) throws {
        try change(SubscriptionStatement.deleteOfReceiver, tenant, receiver)
    }
}
