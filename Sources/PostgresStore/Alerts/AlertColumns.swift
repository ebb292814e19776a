import WorkflowModel

extension AlertEvent: SQLValue {}
extension AlertReceiver.Kind: SQLValue {}
extension Alert.State: SQLValue {}

enum ReceiverStatement {
    static let columns = """
        SELECT r.tenant, r.name, r.kind, r.url, r.events, r.attribution, r.types, r.configurations, r.secret, r.former_secret,
            r.rotated_at, r.created_at, r.disabled_at, r.disabled_reason
        FROM alert_receivers AS r

        """
}

enum AlertStatement {
    static let columns = """
        SELECT a.tenant, a.number, a.token, a.id, a.receiver, a.event, a.run, a.schedule, a.nominal_at, a.title, a.configuration,
            a.occurred_at, a.state, a.attempts, a.next_at, a.last_attempt_at, a.answer, a.run_created_at
        FROM alerts AS a

        """
}

/// An alert as it is kept.
struct StoredAlert {
    var number: Int
    var token: Int
    var alert: Alert
    var runCreatedAt: Timestamp?
}

extension AlertRule {
    /// As they are kept: in one order.
    var eventNames: JSONText? { Needs.text(events.map(\.rawValue).sorted()) }
}

extension ColumnReader {
    mutating func nextEvents() throws -> Set<AlertEvent> {
        Set(
            try Needs.ids(try next()).map { word in
                guard let event = AlertEvent(rawValue: word) else { throw StoreError.unreadable("the word \"\(word)\"") }
                return event
            })
    }
}

extension PostgresConnection {
    func nextReceiver(_ columns: inout ColumnReader) throws -> AlertReceiver {
        let tenant = try tenant(numbered: try columns.next())
        let name = try columns.next(String.self)
        let kind = try columns.next(AlertReceiver.Kind.self)
        let url = try columns.next(String.self)
        let rule = AlertRule(
            events: try columns.nextEvents(), attribution: try columns.next(), types: try Needs.ids(try columns.next()),
            configurations: try Needs.ids(try columns.next()))
        return AlertReceiver(
            tenant: tenant, name: name, kind: kind, url: url, rule: rule, secret: try columns.next(),
            formerSecret: try columns.next(), rotatedAt: try columns.next(), createdAt: try columns.next(),
            disabledAt: try columns.next(), disabledReason: try columns.next())
    }

    func nextAlert(_ columns: inout ColumnReader) throws -> StoredAlert {
        let tenant = try tenant(numbered: try columns.next())
        let number = try columns.next(Int.self)
        let token = try columns.next(Int.self)
        let id = try columns.next(String.self)
        let receiver = try columns.next(String.self)
        let event = try columns.next(AlertEvent.self)
        let run = try columns.next(RunID?.self)
        let schedule = try columns.next(String?.self)
        let nominal = try columns.next(Timestamp?.self)
        let subject: AlertSubject
        switch (run, nominal) {
        case (let run?, _): subject = .run(run)
        case (nil, let nominal?): subject = .tick(schedule: schedule ?? "", nominal: nominal)
        case (nil, nil): throw StoreError.unreadable("an alert about nothing")
        }
        let alert = Alert(
            id: id, tenant: tenant, receiver: receiver, event: event, subject: subject, title: try columns.next(),
            configuration: try columns.next(), occurredAt: try columns.next(), state: try columns.next(),
            attempts: try columns.next(), nextAttemptAt: try columns.next(), lastAttemptAt: try columns.next(),
            answer: try columns.next())
        return StoredAlert(number: number, token: token, alert: alert, runCreatedAt: try columns.next())
    }
}
