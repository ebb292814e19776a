import WorkflowModel

extension StoreBench {
    static func receiver(
        _ name: String, of tenant: Tenant = acme, on events: Set<AlertEvent> = [.failed], attribution: Attribution? = nil,
        types: [String] = [], configurations: [String] = []
    ) -> AlertReceiver {
        AlertReceiver(
            tenant: tenant, name: name, kind: .webhook, url: "https://\(name).example/hook",
            rule: AlertRule(events: events, attribution: attribution, types: types, configurations: configurations),
            secret: Array(name.utf8), createdAt: start)
    }

    /// Adds a receiver of each kind, and a configuration that names one.
    func addReceivers() async throws {
        var slack = Self.receiver("chat", on: Set(AlertEvent.allCases), types: ["test.daily/run", "ünïcödé \"1\""])
        slack.kind = .slack
        try await store.createReceiver(slack)
        try await store.createReceiver(Self.receiver("ops", attribution: .platform, configurations: ["cg-two", "cg-daily"]))
        try await store.createReceiver(Self.receiver("quiet", of: Self.globex, on: []))
        _ = try await store.changeReceiver(ReceiverUpdate("ops", of: Self.acme, .rotated([8, 8])), at: Self.after(1))
        _ = try await store.changeReceiver(ReceiverUpdate("quiet", of: Self.globex, .disabled("Said 410.")), at: Self.after(2))
        var draft = draft("cg-alerting", text: "alerts: …")
        draft.alerts = [
            AlertRoute(to: "ops", when: AlertRule(events: [.slow, .failed])),
            AlertRoute(to: "gone", when: AlertRule(events: [.succeeded], attribution: .customer)),
        ]
        _ = try await store.saveConfiguration(draft, at: Self.start)
    }

    /// Ends the only task of a new run, and returns the run's id.
    @discardableResult
    func end(
        _ event: AlertEvent, of tenant: Tenant = acme, configuration: String = "cg-daily", type: String = "test.daily/run",
        attribution: Attribution = .customer, at now: Timestamp = start
    ) async throws -> RunID {
        let id = try await start(of: tenant, configuration: configuration, type: type, at: now)
        switch event {
        case .succeeded: try await succeed(try await claimOne(at: now), at: now)
        case .warning:
            let output = TaskOutput(warnings: try TaskWarnings(["3 rows have no price"]))
            _ = try await store.commit([.began, .succeeded(output)], under: try await claimOne(at: now), at: now)
        case .stopped: _ = try await store.stopRun(id, of: tenant, at: now)
        case .failed, .slow, .tickMissed:
            let lease = try await claimOne(at: now)
            _ = try await store.commit(.began, under: lease, at: now)
            let error = RunError(attribution: attribution, type: "test/fault", message: "No such table")
            _ = try await store.commit(.failed(error), under: lease, at: now)
        }
        return id
    }

    /// All alerts of a tenant, newest first.
    func alerts(of tenant: Tenant = acme, in state: Alert.State? = nil) async throws -> [Alert] {
        try await store.alerts(matching: AlertQuery(of: tenant, in: state, limit: 1_000)).alerts
    }

    /// The alerts as `EVENT RECEIVER`, such as `failed ops`.
    func told(of tenant: Tenant = acme) async throws -> [String] {
        try await alerts(of: tenant).map { "\($0.event.rawValue) \($0.receiver)" }.sorted()
    }

    /// Claims alerts with a lease of one minute.
    func claimAlerts(_ limit: Int = 10, at now: Timestamp) async throws -> [ClaimedAlert] {
        try await store.claimAlertsOfAllTenants(limit: limit, until: now + .seconds(60), at: now)
    }
}
