public import WorkflowModel

/// The statements that raising alerts and reporting their delivery need, in the transaction of the change that alerts are about.
public protocol AlertTransaction {
    /// Names a run in the store.
    associatedtype RunReference

    func tenant(numbered number: Int) throws -> Tenant

    /// The rules of receivers that are not disabled. A receiver without rules is among them too.
    func receiverRoutes(of tenant: Int) throws -> [AlertRoute]

    /// The rules of a configuration.
    func configurationRoutes(of configuration: String, tenant: Int) throws -> [AlertRoute]

    /// The run as an alert describes it; nil when it is not found.
    func alertedRun(_ run: RunReference, of tenant: Int) throws -> AlertedRun?

    /// The name and the type of the current version; nil when the configuration is gone.
    func currentTitle(of configuration: String, tenant: Int) throws -> (name: String, type: String)?

    /// Writes new alerts. Those that are there already stay as they are.
    func insert(_ alerts: [Alert], about run: RunReference?, of tenant: Int) throws

    /// A receiver, locked where the store locks rows: always before its alerts.
    func lockedReceiver(_ name: String, of tenant: Int) throws -> AlertReceiver?

    /// An alert, locked where the store locks rows.
    func lockedAlert(_ id: String, of tenant: Int) throws -> StoredAlert?

    func save(_ alert: StoredAlert) throws
    func update(_ receiver: AlertReceiver, of tenant: Int) throws

    /// Lets a receiver be told of the next alert, unless another claim keeps it busy.
    func release(_ receiver: String, of tenant: Int, busyUntil expiry: Timestamp?) throws

    /// Gives up everything that a receiver was still to be told.
    func giveUpAlerts(to receiver: String, of tenant: Int, _ reason: String) throws
}

/// A run as an alert describes it.
public struct AlertedRun: Sendable {
    public var id: RunID
    public var title: String
    public var configuration: String
    public var type: String
    /// The receivers that are told of its end, whatever the rules say.
    public var subscribers: [String]
}

extension RowReader {
    /// The columns id, name, configuration, type, and the names of the subscribed receivers, separated by commas; NULL for none.
    public mutating func nextAlertedRun() throws -> AlertedRun {
        AlertedRun(
            id: try next(), title: try next(), configuration: try next(String?.self) ?? "", type: try next(),
            subscribers: (try next(String?.self) ?? "").split(separator: ",").map(String.init))
    }
}

extension AlertTransaction {
    /// Raises the alerts that follow from the end of a run. A tenant without receivers costs one query.
    @inlinable
    public func raiseAlerts(forEndOf run: some LoadedRun, _ key: RunReference) throws {
        let progress = run.progress
        guard !run.isImported, let endedAt = progress.endedAt else { return }
        try raiseAlerts(
            AlertEvent.all(endingIn: progress.state, warnings: progress.warnings), of: key, tenant: run.tenant,
            subscribed: AlertEvent.end(in: progress.state),
            attribution: progress.state == .failed ? progress.error?.attribution : nil, at: endedAt, dueAt: progress.changedAt)
    }

    /// - Parameters:
    ///   - subscribed: the event of which the subscribed receivers are told; nil for none. One query reads the run and them.
    ///   - attribution: who is to blame; nil when nothing failed.
    public func raiseAlerts(
        _ events: [AlertEvent], of run: RunReference, tenant: Int, subscribed: AlertEvent? = nil, attribution: Attribution? = nil,
        at now: Timestamp, dueAt: Timestamp? = nil
    ) throws {
        let routes = events.isEmpty ? [] : try receiverRoutes(of: tenant)
        guard !routes.isEmpty, let alerted = try alertedRun(run, of: tenant) else { return }
        for event in events {
            let matter = AlertMatter(
                event, of: .run(alerted.id), title: alerted.title, configuration: alerted.configuration, type: alerted.type,
                attribution: attribution, at: now, dueAt: dueAt)
            try raise(matter, run: run, tenant: tenant, routes, and: event == subscribed ? alerted.subscribers : [])
        }
    }

    /// Raises the alerts about missed ticks.
    public func raiseAlerts(for decision: ScheduleDecision, tenant: Int, at now: Timestamp) throws {
        guard decision.ticks.contains(where: { $0.outcome == .missed }) else { return }
        let routes = try receiverRoutes(of: tenant)
        guard !routes.isEmpty else { return }
        let current = try currentTitle(of: decision.configuration, tenant: tenant)
        let (title, type) = (current?.name ?? decision.configuration, current?.type ?? "")
        for matter in decision.missedTicks(title: title, type: type, at: now) {
            try raise(matter, run: nil, tenant: tenant, routes)
        }
    }

    /// - Parameter subscribers: receivers whose rules do not matter.
    private func raise(
        _ matter: AlertMatter, run: RunReference?, tenant: Int, _ routes: [AlertRoute], and subscribers: [String] = []
    ) throws {
        let known = Set(routes.map(\.receiver))
        let ofConfiguration = try configurationRoutes(of: matter.configuration, tenant: tenant)
            .filter { known.contains($0.receiver) }
        let covered = (routes + ofConfiguration).receivers(for: matter)
        let receivers = Set(covered).union(subscribers.filter(known.contains)).sorted()
        guard !receivers.isEmpty else { return }
        let name = try self.tenant(numbered: tenant)
        try insert(receivers.map { Alert(matter, of: name, to: $0) }, about: run, of: tenant)
    }
}

extension AlertTransaction {
    /// Records the outcome of an attempt to deliver an alert. A report under an older token than the newest changes nothing, nor
    /// does one that was recorded before.
    public func report(_ outcome: AlertOutcome, of claimed: ClaimedAlert, tenant: Int, at now: Timestamp) throws {
        let name = claimed.alert.receiver
        let receiver = try lockedReceiver(name, of: tenant)
        guard var stored = try lockedAlert(claimed.alert.id, of: tenant), stored.token == claimed.token,
            stored.alert.state != .delivered
        else { return }
        try release(name, of: tenant, busyUntil: claimed.expiry)
        // Given up meanwhile, because the receiver was dropped or disabled.
        guard stored.alert.state == .pending else { return }
        stored.alert.apply(outcome, at: now)
        try save(stored)
        guard case .gone(let reason) = outcome, let receiver else { return }
        _ = try apply(.disabled(reason), to: receiver, of: tenant, at: now)
    }

    /// Changes a receiver. When that disables it, the alerts that it was still to be told are given up.
    /// - Returns: the receiver as it is now.
    public func apply(
        _ change: AlertReceiver.Change, to receiver: AlertReceiver, of tenant: Int, at now: Timestamp
    ) throws -> AlertReceiver {
        var receiver = receiver
        receiver.apply(change, at: now)
        try update(receiver, of: tenant)
        if case .disabled(let reason) = change { try giveUpAlerts(to: receiver.name, of: tenant, reason) }
        return receiver
    }
}

extension AlertPage {
    /// - Parameter alerts: one more than the limit where there are more.
    public init(reading alerts: [StoredAlert], limit: Int) {
        let page = alerts.prefix(limit)
        self.init(alerts: page.map(\.alert), next: alerts.count > limit ? page.last?.number : nil)
    }
}
