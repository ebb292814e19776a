public import WorkflowModel

/// The statements that subscribing receivers to runs needs, in one transaction that the end of the run does not overlap.
public protocol SubscriptionTransaction: AlertTransaction {
    /// A run, locked where the store locks rows: no other transaction ends it meanwhile.
    func lockedSubscribedRun(_ run: RunID, of tenant: Int) throws -> SubscribedRun<RunReference>?

    /// Whether a receiver is disabled, locked against its deletion where the store locks rows; nil when there is none of that name.
    func isDisabled(_ receiver: String, of tenant: Int) throws -> Bool?

    /// By receiver.
    func subscriptions(to run: RunReference, of tenant: Int) throws -> [RunSubscription]

    func insert(_ subscriptions: [RunSubscription], to run: RunReference, of tenant: Int) throws

    /// - Returns: whether it existed.
    func deleteSubscription(of receiver: String, to run: RunReference, of tenant: Int) throws -> Bool

    /// Writes an event of the audit log, if the request has an actor.
    func record(_ type: AuditEventType, _ object: AuditObject, of tenant: Tenant, numbered number: Int) throws
}

/// A run as its subscriptions need it.
public struct SubscribedRun<Reference> {
    public var reference: Reference
    public var name: String
    public var state: RunState
    public var endedAt: Timestamp?
    public var attribution: Attribution?
    public var isImported: Bool

    public var event: AlertEvent? { AlertEvent.end(in: state) }

    public init(
        _ reference: Reference, name: String, state: RunState, endedAt: Timestamp?, attribution: Attribution?, isImported: Bool
    ) {
        self.reference = reference
        self.name = name
        self.state = state
        self.endedAt = endedAt
        self.attribution = attribution
        self.isImported = isImported
    }
}

extension RowReader {
    /// The columns name, state, ended_at, error_attribution, and whether the run is imported.
    public mutating func nextSubscribedRun<Reference>(_ reference: Reference) throws -> SubscribedRun<Reference> {
        SubscribedRun(
            reference, name: try next(), state: try next(), endedAt: try next(), attribution: try next(), isImported: try next())
    }

    /// The columns receiver, id, name and email of the principal, requested_at.
    public mutating func nextSubscription() throws -> RunSubscription {
        RunSubscription(to: try next(), by: try nextPrincipal(), at: try next())
    }
}

extension SubscriptionTransaction {
    /// - Parameter former: the outcome of an earlier try whose answer was lost.
    public func subscribe(
        _ subscription: RunSubscription, to id: RunID, of tenant: Tenant, numbered number: Int, former: SubscriptionOutcome? = nil
    ) throws -> SubscriptionOutcome {
        guard let run = try lockedSubscribedRun(id, of: number) else { return .noSuchRun }
        guard !run.isImported else { return .isImported }
        guard let isDisabled = try isDisabled(subscription.receiver, of: number) else {
            return .noSuchReceiver(accepted: try receiverRoutes(of: number).map(\.receiver).sorted())
        }
        let present = try subscriptions(to: run.reference, of: number)
        if let known = present.first(where: { $0.receiver == subscription.receiver }) {
            if case .added? = former, known == subscription { return .added(event: run.event) }
            return .alreadyThere(known, event: run.event)
        }
        guard !isDisabled else { return .isDisabled }
        guard present.count < RunSubscription.most else { return .tooMany }
        try insert([subscription], to: run.reference, of: number)
        try tellOfEnd(of: run, subscription, tenant: tenant, numbered: number)
        try record(.runSubscribed, AuditObject(id.rawValue, name: run.name), of: tenant, numbered: number)
        return .added(event: run.event)
    }

    /// Raises the alert of a run that has ended, unless a rule has raised it.
    private func tellOfEnd(
        of run: SubscribedRun<RunReference>, _ subscription: RunSubscription, tenant: Tenant, numbered number: Int
    ) throws {
        guard let event = run.event, let endedAt = run.endedAt, let alerted = try alertedRun(run.reference, of: number) else {
            return
        }
        let matter = AlertMatter(
            event, of: .run(alerted.id), title: alerted.title, configuration: alerted.configuration, type: alerted.type,
            attribution: run.attribution, at: endedAt, dueAt: subscription.requestedAt)
        try insert([Alert(matter, of: tenant, to: subscription.receiver)], about: run.reference, of: number)
    }

    /// - Parameter former: the outcome of an earlier try whose answer was lost.
    public func unsubscribe(
        _ receiver: String, from id: RunID, of tenant: Tenant, numbered number: Int, former: UnsubscriptionOutcome? = nil
    ) throws -> UnsubscriptionOutcome {
        guard let run = try lockedSubscribedRun(id, of: number) else { return .noSuchRun }
        guard try subscriptions(to: run.reference, of: number).contains(where: { $0.receiver == receiver }) else {
            // An earlier try, whose answer was lost, has removed it.
            return former == .removed ? .removed : .notSubscribed
        }
        guard run.event == nil else { return .hasEnded }
        guard try deleteSubscription(of: receiver, to: run.reference, of: number) else { return .notSubscribed }
        try record(.runUnsubscribed, AuditObject(id.rawValue, name: run.name), of: tenant, numbered: number)
        return .removed
    }

    /// The subscriptions that a start asks for. A receiver that was deleted since they were checked is left out.
    public func insertSubscriptions(of plan: RunPlan, to run: RunReference, tenant: Int) throws {
        let known = try plan.notifiedReceivers.filter { try isDisabled($0, of: tenant) != nil }
        guard !known.isEmpty else { return }
        try insert(known.map { RunSubscription(to: $0, by: plan.principal, at: plan.createdAt) }, to: run, of: tenant)
    }
}
