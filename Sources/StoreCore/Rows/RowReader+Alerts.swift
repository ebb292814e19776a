public import WorkflowModel

/// An alert as it is kept.
public struct StoredAlert: Sendable {
    /// Its place in the order of all alerts.
    public var number: Int
    public var token: Int
    public var alert: Alert
    /// nil for an alert that is about no run.
    public var runCreatedAt: Timestamp?

    public var transferred: TransferredAlert { TransferredAlert(alert: alert, runCreatedAt: runCreatedAt) }
}

extension AlertRule {
    /// The events as a column keeps them: sorted by name.
    public var eventNames: JSONText? { Needs.text(events.map(\.rawValue).sorted()) }
}

extension RowReader {
    public mutating func nextEvents() throws -> Set<AlertEvent> {
        Set(
            try Needs.ids(try next()).map { word in
                guard let event = AlertEvent(rawValue: word) else { throw StoreError.unreadable("the word \"\(word)\"") }
                return event
            })
    }

    /// The columns events, attribution, types, configurations.
    public mutating func nextRule() throws -> AlertRule {
        AlertRule(
            events: try nextEvents(), attribution: try next(), types: try Needs.ids(try next()),
            configurations: try Needs.ids(try next()))
    }

    /// A rule of a receiver: the columns name, events, attribution, types, configurations.
    public mutating func nextReceiverRoute() throws -> AlertRoute {
        AlertRoute(to: try next(), when: try nextRule())
    }

    /// A rule of a configuration: the columns receiver, events, attribution.
    public mutating func nextConfigurationRoute() throws -> AlertRoute {
        AlertRoute(to: try next(), when: AlertRule(events: try nextEvents(), attribution: try next()))
    }

    /// - Parameter tenant: read from the first columns, or known.
    public mutating func nextReceiver(of tenant: Tenant) throws -> AlertReceiver {
        AlertReceiver(
            tenant: tenant, name: try next(), kind: try next(), url: try next(), rule: try nextRule(), secret: try next(),
            previousSecret: try next(), rotatedAt: try next(), createdAt: try next(), disabledAt: try next(),
            disabledReason: try next())
    }

    public mutating func nextAlert(of tenant: Tenant) throws -> StoredAlert {
        let (number, token) = (try next(Int.self), try next(Int.self))
        let (id, receiver, event) = (try next(String.self), try next(String.self), try next(AlertEvent.self))
        let subject = try nextAlertSubject()
        let alert = Alert(
            id: id, tenant: tenant, receiver: receiver, event: event, subject: subject, title: try next(),
            configuration: try next(), occurredAt: try next(), state: try next(), attempts: try next(),
            nextAttemptAt: try next(), lastAttemptAt: try next(), answer: try next())
        return StoredAlert(number: number, token: token, alert: alert, runCreatedAt: try next())
    }

    /// The columns run, schedule, nominal_at.
    private mutating func nextAlertSubject() throws -> AlertSubject {
        let run = try next(RunID?.self)
        let schedule = try next(String?.self)
        let nominal = try next(Timestamp?.self)
        switch (run, nominal) {
        case (let run?, _): return .run(run)
        case (nil, let nominal?): return .tick(schedule: schedule ?? "", nominal: nominal)
        case (nil, nil): throw StoreError.unreadable("an alert about nothing")
        }
    }
}
