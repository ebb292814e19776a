/// Something that a receiver is to be told, and how far that has come: a row of the outbox.
public struct Alert: Hashable, Sendable {
    public enum State: String, CaseIterable, Sendable {
        case pending
        case delivered
        case givenUp = "given-up"
    }

    /// Follows from what it is about, so that nobody is told twice; also what receivers tell repetitions by.
    public var id: String
    public var tenant: Tenant
    public var receiver: String
    public var event: AlertEvent
    public var subject: AlertSubject
    public var title: String
    public var configuration: String
    public var occurredAt: Timestamp
    public var state: State
    /// Since it was raised, or was last asked for by hand.
    public var attempts: Int
    /// nil when there is no further one.
    public var nextAttemptAt: Timestamp?
    public var lastAttemptAt: Timestamp?
    /// What came of the last attempt, in a sentence.
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

    /// An alert that was just raised, due at once.
    public init(_ matter: AlertMatter, of tenant: Tenant, to receiver: String) {
        self.init(
            id: Self.id(of: matter, tenant: tenant, receiver: receiver), tenant: tenant, receiver: receiver, event: matter.event,
            subject: matter.subject, title: matter.title, configuration: matter.configuration, occurredAt: matter.occurredAt,
            nextAttemptAt: matter.occurredAt)
    }

    /// `wf-20261123-04711-k3J9aQ_failed_ops`. Without full stops, which separate it from the time in what is signed.
    private static func id(of matter: AlertMatter, tenant: Tenant, receiver: String) -> String {
        let subject =
            switch matter.subject {
            case .run(let run): run.rawValue
            case .tick(let schedule, let nominal):
                "tick-\(tenant)-\(matter.configuration)-\(schedule)-\(nominal.milliseconds)"
            }
        return "\(plain(subject))_\(matter.event.rawValue)_\(receiver)"
    }

    /// Letters, digits, `-` and `_` as they are, everything else by its number, so that two texts never become one.
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

/// What came of an attempt to tell a receiver.
public enum AlertOutcome: Hashable, Sendable {
    case delivered(String)
    case failed(String)
    /// The receiver wants to be told of nothing any more.
    case gone(String)
}

extension Alert {
    public mutating func apply(_ outcome: AlertOutcome, at now: Timestamp) {
        lastAttemptAt = now
        nextAttemptAt = nil
        switch outcome {
        case .delivered(let text):
            state = .delivered
            answer = text
        case .failed(let text):
            answer = text
            // Counted when it was claimed, so that the first attempt is number 1.
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

    /// Somebody asks for it to be sent at once, and from the beginning.
    public mutating func resend(at now: Timestamp) {
        if state != .pending { attempts = 0 }
        state = .pending
        nextAttemptAt = now
    }
}

/// An alert that somebody has to itself for a while, with whom it goes to.
public struct ClaimedAlert: Hashable, Sendable {
    public var alert: Alert
    public var receiver: AlertReceiver
    /// Grows with every claim: a report under an older one changes nothing.
    public var token: Int

    public init(alert: Alert, receiver: AlertReceiver, token: Int) {
        self.alert = alert
        self.receiver = receiver
        self.token = token
    }

    /// When others may take it: until then it is not due.
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
