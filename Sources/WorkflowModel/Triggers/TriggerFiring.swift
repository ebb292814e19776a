/// One event of a trigger and its outcome: a row for each end of a run and for each call of a webhook.
public struct TriggerFiring: Hashable, Sendable {
    public enum Cause: Hashable, Sendable {
        /// A run of another workflow ended in that state.
        case run(RunID, of: ExactText, state: RunState)
        /// A webhook was called. `delivery` identifies the call.
        case webhook(ExactText, delivery: ExactText)
    }

    /// Derived from the cause, so that each cause has one firing in each workflow.
    @Exact public private(set) var id: String
    public var tenant: Tenant
    /// The workflow that the trigger belongs to.
    @Exact public var configuration: String
    public var cause: Cause
    /// When the run ended, or when the call came.
    public var firedAt: Timestamp
    /// The number of the trigger in its chain, from 1.
    public var depth: Int
    public var outcome: FiringOutcome
    /// Why it has its outcome, in a sentence; nil where the outcome says it all.
    @Exact public var note: String?
    /// The run that it started.
    public var run: RunID?
    /// The parameters that the trigger gave to the run. The rest of a call's body is not kept.
    public var parameters: RunParameters
    /// When a waiting one is decided; nil for one with an outcome.
    public var dueAt: Timestamp?
    /// nil for a waiting one.
    public var decidedAt: Timestamp?

    public init(
        tenant: Tenant, configuration: String, cause: Cause, firedAt: Timestamp, depth: Int, outcome: FiringOutcome = .waiting,
        note: String? = nil, run: RunID? = nil, parameters: RunParameters = RunParameters(), dueAt: Timestamp? = nil,
        decidedAt: Timestamp? = nil
    ) {
        id = Self.id(of: cause, in: configuration)
        self.tenant = tenant
        self.configuration = configuration
        self.cause = cause
        self.firedAt = firedAt
        self.depth = depth
        self.outcome = outcome
        self.note = note
        self.run = run
        self.parameters = parameters
        self.dueAt = outcome == .waiting ? dueAt ?? firedAt : nil
        self.decidedAt = decidedAt
    }

    /// `after_wf-20261123-04711-k3J9aQ_cg-report`, `webhook_orders-arrived_msg~5f2_cg-orders`.
    private static func id(of cause: Cause, in configuration: String) -> String {
        switch cause {
        case .run(let run, _, _): "after_\(PlainText.encoding(run.rawValue))_\(PlainText.encoding(configuration))"
        case .webhook(let name, let delivery):
            "webhook_\(PlainText.encoding(name.text))_\(PlainText.encoding(delivery.text))_\(PlainText.encoding(configuration))"
        }
    }

    /// The ids of all firings after a run: from the first one up to the end, in the order of bytes.
    package static func ids(after run: RunID) -> (first: String, end: String) {
        let begin = "after_\(PlainText.encoding(run.rawValue))"
        // The byte behind `_`, which no encoding of a name contains.
        return ("\(begin)_", "\(begin)`")
    }

    /// The trigger of the run that it starts.
    public var trigger: RunTrigger {
        let cause: RunTrigger.Cause =
            switch cause {
            case .run(let run, let configuration, _): .run(run, of: configuration)
            case .webhook(let name, _): .webhook(name)
            }
        return RunTrigger(firing: id, cause: cause, depth: depth)
    }

    /// The event in words: `cg-sources succeeded`.
    public var event: String {
        switch cause {
        case .run(_, let configuration, let state): "\(configuration.text) \(state.state.label.lowercased())"
        case .webhook(let name, _): "webhook \(name.text)"
        }
    }

    public var place: FiringPlace { FiringPlace(firedAt: firedAt, id: id) }
}

public enum FiringOutcome: String, CaseIterable, Sendable {
    /// It is decided within seconds.
    case waiting
    case started
    /// A value that the trigger takes from its cause is missing, or the workflow does not accept it.
    case refused
    /// The workflow was paused.
    case paused
    /// Its chain of triggers is too long: a loop.
    case cut
    /// The workflow or its trigger was removed, or has nothing to run.
    case failed
}

extension TriggerFiring {
    /// The firing of a workflow's trigger after a run that has ended. One that would make the chain too long is cut.
    ///
    /// - Parameter trigger: the one that started the run; nil for none.
    public init(
        of configuration: String, tenant: Tenant, after run: RunID, of source: String, in state: RunState,
        startedBy trigger: RunTrigger?, endedAt: Timestamp, at now: Timestamp
    ) {
        let depth = (trigger?.depth ?? 0) + 1
        self.init(
            tenant: tenant, configuration: configuration, cause: .run(run, of: ExactText(source), state: state), firedAt: endedAt,
            depth: depth, dueAt: now)
        if depth > TriggerLimits.chain { decide(.cut, TriggerLimits.cutNote, at: now) }
    }

    /// Gives it its outcome.
    /// - Parameter note: a sentence; nil where the outcome says it all.
    public mutating func decide(_ outcome: FiringOutcome, _ note: String? = nil, run: RunID? = nil, at now: Timestamp) {
        self.outcome = outcome
        self.note = note?.prefix(bytes: TriggerLimits.noteBytes)
        self.run = run
        dueAt = nil
        decidedAt = now
    }
}

extension TriggerLimits {
    static let cutNote =
        "\(chain) triggers have started runs one after another before it. Such a chain is cut, because it is probably a loop."
}

/// Encodes texts as parts of ids.
enum PlainText {
    /// Keeps letters, digits and `-`, and encodes every other byte as a number, so that different texts stay different.
    static func encoding(_ text: String) -> String {
        var plain = ""
        for byte in text.utf8 {
            if byte.isLetterOrDigit || byte == UInt8(ascii: "-") {
                plain.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16)
                plain += "~" + (digits.utf8.count == 1 ? "0" : "") + digits
            }
        }
        return plain
    }
}

/// Identifies a firing within its tenant, in the order of lists.
public struct FiringPlace: Hashable, Sendable {
    public var firedAt: Timestamp
    @Exact public var id: String

    public init(firedAt: Timestamp, id: String) {
        self.firedAt = firedAt
        self.id = id
    }
}

/// A request for a page of a configuration's firings, newest first.
public struct FiringQuery: Hashable, Sendable {
    public var tenant: Tenant
    @Exact public var configuration: String
    /// Applies to the times of the events.
    public var window: TimeWindow
    public var limit: Int
    /// The end of the previous page.
    public var after: FiringPlace?

    public init(
        tenant: Tenant, configuration: String, window: TimeWindow = TimeWindow(), limit: Int = 100, after: FiringPlace? = nil
    ) {
        self.tenant = tenant
        self.configuration = configuration
        self.window = window
        self.limit = limit
        self.after = after
    }
}

public struct FiringPage: Hashable, Sendable {
    public var firings: [TriggerFiring]
    /// nil on the last page.
    public var next: FiringPlace?

    public init(firings: [TriggerFiring], next: FiringPlace?) {
        self.firings = firings
        self.next = next
    }

    /// Drops the extra firing that was only read to know whether another page follows.
    package init(reading firings: [TriggerFiring], limit: Int) {
        self.firings = Array(firings.prefix(limit))
        next = firings.count > limit ? self.firings.last?.place : nil
    }
}
