import GRDB
import WorkflowModel

extension AlertEvent: SQLValue {}
extension AlertReceiver.Kind: SQLValue {}
extension Alert.State: SQLValue {}

enum ReceiverStatement {
    static let columns = """
        SELECT t.name, r.name, r.kind, r.url, r.events, r.attribution, r.types, r.configurations, r.secret, r.former_secret,
            r.rotated_at, r.created_at, r.disabled_at, r.disabled_reason
        FROM alert_receivers AS r CROSS JOIN tenants AS t ON t.number = r.tenant

        """
}

enum AlertStatement {
    static let columns = """
        SELECT a.number, a.token, a.id, a.receiver, a.event, u.id, a.schedule, a.nominal_at, a.title, a.configuration,
            a.occurred_at, a.state, a.attempts, a.next_at, a.last_attempt_at, a.answer, u.created_at
        FROM alerts AS a LEFT JOIN runs AS u ON u.number = a.run

        """
}

/// An alert as it is kept.
struct StoredAlert {
    var number: Int64
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

    mutating func nextReceiver() throws -> AlertReceiver {
        let tenant = try nextTenant()
        let name = try next(String.self)
        let kind = try next(AlertReceiver.Kind.self)
        let url = try next(String.self)
        let rule = AlertRule(
            events: try nextEvents(), attribution: try next(), types: try Needs.ids(try next()),
            configurations: try Needs.ids(try next()))
        return AlertReceiver(
            tenant: tenant, name: name, kind: kind, url: url, rule: rule, secret: try next(), formerSecret: try next(),
            rotatedAt: try next(), createdAt: try next(), disabledAt: try next(), disabledReason: try next())
    }

    mutating func nextAlert(of tenant: Tenant) throws -> StoredAlert {
        let number = try next(Int64.self)
        let token = try next(Int.self)
        let id = try next(String.self)
        let receiver = try next(String.self)
        let event = try next(AlertEvent.self)
        let run = try next(RunID?.self)
        let schedule = try next(String?.self)
        let nominal = try next(Timestamp?.self)
        let subject: AlertSubject
        switch (run, nominal) {
        case (let run?, _): subject = .run(run)
        case (nil, let nominal?): subject = .tick(schedule: schedule ?? "", nominal: nominal)
        case (nil, nil): throw StoreError.unreadable("an alert about nothing")
        }
        let alert = Alert(
            id: id, tenant: tenant, receiver: receiver, event: event, subject: subject, title: try next(),
            configuration: try next(), occurredAt: try next(), state: try next(), attempts: try next(), nextAttemptAt: try next(),
            lastAttemptAt: try next(), answer: try next())
        return StoredAlert(number: number, token: token, alert: alert, runCreatedAt: try next())
    }
}
