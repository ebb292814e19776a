public import WorkflowModel

/// The statements that firing triggers and deciding about firings need, in one transaction with the end of the run, or with the start of
/// the next one.
public protocol TriggerTransaction {
    /// The workflows with a trigger after a workflow.
    func triggers(after configuration: String, of tenant: Int) throws -> [StoredTrigger]

    /// Writes new firings. Those that are there already stay as they are.
    func insert(_ firings: [TriggerFiring], of tenant: Int) throws

    /// A firing, locked where the store locks rows.
    func lockedFiring(_ id: String, of tenant: Int, named name: Tenant) throws -> TriggerFiring?

    /// Writes the outcome of a firing.
    func save(_ firing: TriggerFiring, of tenant: Int) throws

    /// A configuration and its last pause, which do not change before the transaction ends; nil when there is no such configuration.
    func lockedPause(of configuration: String, tenant: Int) throws -> LastPause?

    func tenant(numbered number: Int) throws -> Tenant
}

/// A trigger of a workflow, found by the workflow that it comes after.
public struct StoredTrigger: Hashable, Sendable {
    /// The workflow that the trigger belongs to.
    public var configuration: String
    public var ends: Set<TriggerEnd>
}

extension RowReader {
    /// The columns configuration, ends.
    public mutating func nextTrigger() throws -> StoredTrigger {
        let configuration = try next(String.self)
        return StoredTrigger(configuration: configuration, ends: try nextAfterTrigger(after: configuration).on)
    }

    /// The column ends.
    public mutating func nextAfterTrigger(after source: String) throws -> AfterTrigger {
        let text = try next(String.self)
        guard let trigger = AfterTrigger(after: source, storedText: text) else {
            throw StoreError.unreadable("the ends \"\(text)\" of a trigger")
        }
        return trigger
    }

    /// The columns of ``FiringColumns/list``.
    public mutating func nextFiring(of tenant: Tenant) throws -> TriggerFiring {
        let (configuration, source) = (try next(String.self), ExactText(try next(String.self)))
        let (run, state) = (try next(RunID?.self), try next(RunState?.self))
        let delivery = try next(String?.self)
        let cause: TriggerFiring.Cause
        switch (run, state, delivery) {
        case (let run?, let state?, nil): cause = .run(run, of: source, state: state)
        case (nil, nil, let delivery?): cause = .webhook(source, delivery: ExactText(delivery))
        default: throw StoreError.unreadable("the cause of a firing")
        }
        let (depth, firedAt) = (try next(Int.self), try next(Timestamp.self))
        return TriggerFiring(
            tenant: tenant, configuration: configuration, cause: cause, firedAt: firedAt, depth: depth, outcome: try next(),
            note: try next(), run: try next(), parameters: try next(), dueAt: try next(), decidedAt: try next())
    }
}

/// The columns of a firing as `nextFiring` reads them, in both stores. Its id follows from them.
public enum FiringColumns {
    public static let list = """
        configuration, source, cause_run, cause_state, delivery, depth, fired_at, outcome, note, run, parameters, due_at, decided_at
        """
}

extension TriggerFiring {
    /// Its cause as the columns source, cause_run, cause_state, delivery.
    public var causeColumns: (source: String, run: RunID?, state: RunState?, delivery: String?) {
        switch cause {
        case .run(let run, let source, let state): (source.text, run, state, nil)
        case .webhook(let name, let delivery): (name.text, nil, nil, delivery.text)
        }
    }
}

extension TriggerTransaction {
    /// Writes the firings that follow from the end of a run. Imported history fires nothing.
    /// - Returns: whether there are any.
    @inlinable
    public func fireTriggers(forEndOf run: some LoadedRun) throws -> Bool {
        guard let source = run.configuration, run.progress.hasRunChanged, let endedAt = run.progress.endedAt else { return false }
        return try fireTriggers(
            after: run.header, of: source, in: run.progress.state, endedAt: endedAt, run.progress.changedAt, run.tenant)
    }

    public func fireTriggers(
        after run: RunHeader, of source: String, in state: RunState, endedAt: Timestamp, _ changedAt: Timestamp?, _ tenant: Int
    ) throws -> Bool {
        let triggers = try triggers(after: source, of: tenant).filter { $0.ends.contains { $0.covers(state) } }
        guard !triggers.isEmpty else { return false }
        let name = try self.tenant(numbered: tenant)
        let firings = triggers.map { trigger in
            TriggerFiring(
                of: trigger.configuration, tenant: name, after: run.id, of: source, in: state, startedBy: run.trigger,
                endedAt: endedAt, at: changedAt ?? endedAt)
        }
        try insert(firings, of: tenant)
        return true
    }

    /// Writes the outcome of a firing, and its run, unless it has one already.
    ///
    /// - Parameter start: writes the run.
    public func record(_ decision: FiringDecision, tenant: Int, start: (RunPlan) throws -> Void) throws -> FiringReceipt {
        var firing = decision.firing
        // A pause counts before the values of an event do: nothing would have started. It is read first, so that it has ended or comes
        // later.
        let mayBePaused = decision.start != nil || firing.outcome == .refused
        let last = mayBePaused ? try lockedPause(of: firing.configuration, tenant: tenant) : nil
        if case .webhook = firing.cause {
            // Of several calls with one id, the first one to come here writes the row.
            var waiting = firing
            (waiting.outcome, waiting.note, waiting.run, waiting.decidedAt, waiting.dueAt) = (
                .waiting, nil, nil, nil, firing.firedAt
            )
            try insert([waiting], of: tenant)
        }
        guard let present = try lockedFiring(firing.id, of: tenant, named: firing.tenant) else { return .gone }
        guard present.outcome == .waiting else {
            // An earlier try, whose answer was lost, has written it.
            let isOwn = present.run != nil && present.run == decision.start?.id
            return isOwn ? .recorded(present) : .decided(present)
        }
        if let pause = last?.pause, pause.skips(firing.firedAt) {
            firing.decide(.paused, pause.firingNote, at: firing.decidedAt ?? firing.firedAt)
        } else if let plan = decision.start {
            if last != nil {
                try start(plan)
            } else {
                firing.decide(.failed, "The workflow was deleted before the trigger could start a run.", at: plan.createdAt)
            }
        }
        try save(firing, of: tenant)
        return .recorded(firing)
    }
}

/// The bounds of a page of firings.
public struct FiringBounds {
    public var from: Timestamp
    public var to: Timestamp
    /// The time of the last firing of the page before, which is beyond all others where there is none.
    public var last: Timestamp
    /// The id of the last firing of the page before.
    public var lastID: String
    public var limit: Int

    public init(_ query: FiringQuery) {
        limit = max(0, query.limit)
        last = query.after?.firedAt ?? Timestamp(milliseconds: .max)
        lastID = query.after?.id ?? ""
        from = query.window.from ?? Timestamp(milliseconds: .min)
        to = min(query.window.to ?? Timestamp(milliseconds: .max), last + .milliseconds(query.after == nil ? 0 : 1))
    }
}

/// Behind a firing of a tenant, in the order of ids.
public struct FiringTransferPlace: TransferKey {
    public var tenant: Int
    public var id: String

    public init(tenant: Int, id: String) {
        self.tenant = tenant
        self.id = id
    }

    public init(_ place: TransferPlace?) throws {
        guard let place else {
            self.init(tenant: 0, id: "")
            return
        }
        let (numbers, id) = try place.parts(numbers: 1)
        self.init(tenant: numbers[0], id: id)
    }

    public var place: TransferPlace { TransferPlace(text: "\(tenant)/\(id)") }
}

extension [ConfigurationTriggers] {
    /// - Parameter triggers: sorted by configuration, then by the other workflow.
    public init(_ triggers: [(configuration: String, trigger: AfterTrigger)], of tenant: Tenant) {
        self = []
        for (configuration, trigger) in triggers {
            if let last, last.configuration.isIdentical(to: configuration) {
                self[count - 1].triggers.append(trigger)
            } else {
                append(ConfigurationTriggers(tenant: tenant, configuration: configuration, triggers: [trigger]))
            }
        }
    }
}
