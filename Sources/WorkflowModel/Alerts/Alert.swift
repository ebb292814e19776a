/// A notification for one receiver and its delivery state: a row of the outbox.
public struct Alert: Hashable, Sendable {
    public enum State: String, CaseIterable, Sendable {
        case pending
        case delivered
        case givenUp = "given-up"
    }

    /// Derived from the subject, so that each receiver gets one alert per event; receivers detect repetitions by it.
    public var id: String
    public var tenant: Tenant
    public var receiver: String
    public var event: AlertEvent
    public var subject: AlertSubject
    public var title: String
    public var configuration: String
    public var occurredAt: Timestamp
    public var state: State
    /// Since the alert was raised, or was last resent on request.
    public var attempts: Int
    /// nil when no further attempt follows.
    public var nextAttemptAt: Timestamp?
    public var lastAttemptAt: Timestamp?
    /// The outcome of the last attempt, in a sentence.
    public var answer: String?

    public init(
        id: String, tenant: Tenant, receiver: String, event: AlertEvent, subject: AlertSubject, title: String,
        configuration: String, occurredAt: Timestamp, state: State = .pending, attempts: Int = 0, nextAttemptAt: Timestamp? = nil,
        lastAttemptAt: Timestamp? = nil, answer: String? = nil
    ) {
        self.id = id
        self.tenant = tenant
        self.receiver = receiver
        self.event = event
        self.subject = subject
        self.title = title
        self.configuration = configuration
        self.occurredAt = occurredAt
        self.state = state
        self.attempts = attempts
        self.nextAttemptAt = nextAttemptAt
        self.lastAttemptAt = lastAttemptAt
        self.answer = answer
    }

    /// A new alert, due at once.
    public init(_ matter: AlertMatter, of tenant: Tenant, to receiver: String) {
        self.init(
            id: Self.id(of: matter, tenant: tenant, receiver: receiver), tenant: tenant, receiver: receiver, event: matter.event,
            subject: matter.subject, title: matter.title, configuration: matter.configuration, occurredAt: matter.occurredAt,
            nextAttemptAt: matter.dueAt)
    }

    /// `wf-20261123-04711-k3J9aQ_failed_ops`. Contains no full stops, because a full stop separates it from the time in the signed
    /// text.
    private static func id(of matter: AlertMatter, tenant: Tenant, receiver: String) -> String {
        let subject =
            switch matter.subject {
            case .run(let run): run.rawValue
            case .tick(let schedule, let nominal):
                "tick-\(tenant)-\(matter.configuration)-\(schedule)-\(nominal.milliseconds)"
            }
        return "\(plain(subject))_\(matter.event.rawValue)_\(receiver)"
    }

    /// Keeps letters, digits, `-` and `_`, and encodes every other byte as a number, so that different texts stay different.
    private static func plain(_ text: String) -> String {
        var plain = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                plain.unicodeScalars.append(Unicode.Scalar(byte))
            default: plain += "~" + String(byte, radix: 16)
            }
        }
        return plain
    }
}

/// The outcome of an attempt to send an alert.
public enum AlertOutcome: Hashable, Sendable {
    case delivered(String)
    case failed(String)
    /// The receiver asked for no further alerts (410 Gone).
    case gone(String)
}

extension Alert {
    public mutating func apply(_ outcome: AlertOutcome, at now: Timestamp) {
        lastAttemptAt = max(now, occurredAt)
        nextAttemptAt = nil
        switch outcome {
        case .delivered(let text):
            state = .delivered
            answer = text
        case .failed(let text):
            answer = text
            // The claim has counted this attempt already: the first attempt is number 1.
            if AlertLimits.delays.indices.contains(attempts - 1) {
                nextAttemptAt = now + AlertLimits.delays[attempts - 1]
            } else {
                state = .givenUp
            }
        case .gone(let text):
            state = .givenUp
            answer = text
        }
    }

    /// Makes the alert due at once, and restarts the attempts of one that is no longer pending.
    public mutating func resend(at now: Timestamp) {
        if state != .pending { attempts = 0 }
        state = .pending
        nextAttemptAt = now
    }
}

/// An alert that a sender has claimed until ``expiry``, with its receiver.
public struct ClaimedAlert: Hashable, Sendable {
    public var alert: Alert
    public var receiver: AlertReceiver
    /// Increases with every claim: a report with an older token changes nothing.
    public var token: Int

    public init(alert: Alert, receiver: AlertReceiver, token: Int) {
        self.alert = alert
        self.receiver = receiver
        self.token = token
    }

    /// When another sender may claim the alert: it is not due before.
    public var expiry: Timestamp? { alert.nextAttemptAt }
}

/// A page of alerts, newest first.
public struct AlertPage: Hashable, Sendable {
    public var alerts: [Alert]
    /// Where the next page begins; nil on the last one.
    public var next: Int?

    public init(alerts: [Alert], next: Int?) {
        self.alerts = alerts
        self.next = next
    }
}
