import Testing
public import WorkflowModel

extension StoreBench {
    /// Saves a configuration with triggers after other workflows.
    @discardableResult
    public func saveTriggers(
        _ id: String = "cg-report", after triggers: [AfterTrigger], of tenant: Tenant = acme, text: String? = nil,
        at now: Timestamp = start
    ) async throws -> ConfigurationVersion {
        let written = triggers.map { "\($0.source) \($0.storedText)" }.joined(separator: "; ")
        var draft = draft(id, of: tenant, text: text ?? "triggers: \(written)", at: now)
        draft.triggers = triggers
        return try await store.saveConfiguration(draft, at: now).version
    }

    /// Starts a run of one task and ends it.
    @discardableResult
    public func end(
        _ configuration: String = "cg-sources", in state: RunState = .succeeded, of tenant: Tenant = acme, at now: Timestamp = start
    ) async throws -> RunID {
        let run = try await start(of: tenant, configuration: configuration, at: now)
        try await end(run, in: state, of: tenant, at: now)
        return run
    }

    /// Ends a run of one task that waits for a worker.
    public func end(_ run: RunID, in state: RunState, of tenant: Tenant = acme, at now: Timestamp = start) async throws {
        guard state != .canceled else {
            _ = try await store.stopRun(run, of: tenant, at: now)
            return
        }
        let lease = try #require(try await claim(100, at: now).first { $0.lease.run == run }).lease
        _ = try await store.commit(.began, under: lease, at: now)
        let error = RunError(attribution: .customer, type: "test/failed", message: "It failed.")
        let event: TaskEvent = state == .succeeded ? .succeeded(TaskOutput(values: nil)) : .failed(error)
        _ = try await store.commit(event, under: lease, at: now)
    }

    public func firings(of id: String = "cg-report", tenant: Tenant = acme) async throws -> [TriggerFiring] {
        try await store.firings(matching: FiringQuery(tenant: tenant, configuration: id)).firings
    }

    public func waitingFirings(at now: Timestamp = after(1_000)) async throws -> [TriggerFiring] {
        try await store.waitingFiringsOfAllTenants(at: now, limit: 100)
    }

    /// A decision that starts a run of the version.
    public func decision(about firing: TriggerFiring, of version: ConfigurationVersion, at now: Timestamp = start) -> FiringDecision
    {
        let configuration = WorkflowConfiguration(
            id: version.configuration, name: "Report", type: "test.report/run",
            parameters: [ParameterDefinition(name: "day", kind: .string)],
            stages: [Stage(name: "Everything", tasks: [Self.task("only")])])
        let setting = ParameterSetting(name: "day", value: .literal(.string("größer\n\"x\"")))
        let trigger = WorkflowTrigger(.webhook(WorkflowTrigger.Webhook("any", secret: "any")), parameters: [setting])
        return firing.decided(
            by: trigger, of: configuration, version: version, values: TriggerValues(ofCall: "", of: "", body: .null, at: now),
            at: now,
            random: random)
    }

    /// A call of a webhook that has no row yet.
    public static func call(
        _ delivery: String = "msg_1", of configuration: String = "cg-report", tenant: Tenant = acme, at now: Timestamp = start
    ) -> TriggerFiring {
        TriggerFiring(
            tenant: tenant, configuration: configuration, cause: .webhook("orders", delivery: ExactText(delivery)), firedAt: now,
            depth: 1)
    }

    /// Triggers, and firings of all outcomes.
    func addTriggers() async throws {
        let report = try await saveTriggers(
            after: [AfterTrigger(after: "cg-sources", on: [.succeeded, .failed]), AfterTrigger(after: "cg-größer", on: [.any])],
            at: Self.after(60))
        try await saveTriggers(
            "cg-other", after: [AfterTrigger(after: "cg-sources", on: [.any])], of: Self.globex, at: Self.after(60))
        try await saveTriggers("cg-third", after: [AfterTrigger(after: "cg-sources", on: [.any])], at: Self.after(60))
        // Not claimed: other records of the store are.
        let run = try await start(configuration: "cg-sources", at: Self.after(61))
        _ = try await store.stopRun(run, of: Self.acme, at: Self.after(61))
        for (place, delivery) in ["a", "ünïcödé '1'", "b/c"].enumerated() {
            let now = Self.after(62 + Double(place))
            _ = try await store.record(decision(about: Self.call(delivery, at: now), of: report, at: now), at: now)
        }
        let outcomes: [(FiringOutcome, String)] = [
            (.refused, "größer\n\"x\""), (.paused, "for"), (.cut, "loop"), (.failed, "gone"),
        ]
        for (outcome, note) in outcomes {
            let firing = Self.call("of \(outcome)", at: Self.after(66))
            _ = try await store.record(firing.ended(outcome, note, at: Self.after(66)), at: Self.after(66))
        }
    }
}
