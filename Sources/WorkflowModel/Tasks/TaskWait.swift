/// An attempt that waits for work outside: no worker holds the task until it is due again. Then a worker goes on with the same attempt.
public struct TaskWait: Hashable, Sendable {
    public enum Subject: String, CaseIterable, Sendable {
        /// A job in another system, whose state is polled.
        case job
        /// A run of another workflow.
        case run
    }

    public var subject: Subject
    /// When a worker checks the work outside again.
    public var until: Timestamp
    /// When the timeout of the attempt is over; nil when it has none.
    public var deadline: Timestamp?
    /// How often the work outside was checked.
    public var checks: Int
    /// Failed checks in a row.
    public var failures: Int
    /// Whether a stop needs a worker, which cancels the work outside. Otherwise a stop ends the attempt at once.
    public var needsCancel: Bool
    /// The notes of the runner for the next check: a JSON object without secrets.
    public var memo: JSONText

    public init(
        for subject: Subject, until: Timestamp, deadline: Timestamp? = nil, checks: Int = 0, failures: Int = 0,
        needsCancel: Bool = false, memo: JSONText
    ) {
        self.subject = subject
        self.until = until
        self.deadline = deadline
        self.checks = checks
        self.failures = failures
        self.needsCancel = needsCancel
        self.memo = memo
    }

    /// The same wait, to be continued at another time. Never later than its deadline, so that a timeout is noticed in time.
    public func resumed(at instant: Timestamp) -> TaskWait {
        var wait = self
        wait.until = deadline.map { min($0, instant) } ?? instant
        return wait
    }

    /// Whether the timeout of the attempt is over.
    public func isOverdue(at now: Timestamp) -> Bool { deadline.map { $0 <= now } ?? false }
}

/// An attempt that a worker goes on with, after it has waited for work outside.
public struct ResumedAttempt: Hashable, Sendable {
    public var wait: TaskWait
    /// Bytes of output that the attempt has printed before.
    public var printed: Int
    /// Whether the run was asked to stop, so that the work outside is to be canceled.
    public var isStopping: Bool

    public init(_ wait: TaskWait, printed: Int = 0, isStopping: Bool = false) {
        self.wait = wait
        self.printed = printed
        self.isStopping = isStopping
    }
}

// MARK: As stores keep it

extension TaskWait {
    package var storedText: String {
        var members: JSONMembers = [
            "subject": .string(subject.rawValue), "until": .integer(until.milliseconds), "checks": .integer(Int64(checks)),
            "failures": .integer(Int64(failures)), "needs_cancel": .bool(needsCancel),
        ]
        if let deadline { members.add("deadline", .integer(deadline.milliseconds)) }
        members.add("memo", JSONValue(json: memo.text.utf8) ?? .object(JSONMembers()))
        return JSONValue.object(members).text
    }

    /// - Throws: ``StoreError`` for a text that ``storedText`` has not written.
    @usableFromInline
    package init(storedText: String) throws {
        guard let value = JSONValue(json: storedText.utf8), let subject = value["subject"]?.string.flatMap(Subject.init),
            let until = value["until"]?.whole, let checks = value["checks"]?.whole, let failures = value["failures"]?.whole,
            case .bool(let needsCancel)? = value["needs_cancel"], let memo = value["memo"]
        else { throw StoreError.unreadable("the wait \(storedText)") }
        self.init(
            for: subject, until: Timestamp(milliseconds: until),
            deadline: value["deadline"]?.whole.map { Timestamp(milliseconds: $0) }, checks: Int(checks), failures: Int(failures),
            needsCancel: needsCancel, memo: JSONText(memo))
    }
}

extension JSONValue {
    fileprivate var whole: Int64? {
        if case .integer(let number) = self { return number }
        return nil
    }
}
