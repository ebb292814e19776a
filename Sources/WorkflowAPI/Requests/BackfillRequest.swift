public import NIOCore
public import WorkflowModel

/// The body of `POST /api/workflow/configs/{id}/backfill`: starts the run of one past tick.
public struct BackfillRequest: Hashable, Sendable {
    public static let members = ["scheduled_for", "schedule", "run_mode"]

    public var scheduledFor: Timestamp
    /// nil for the only schedule of the configuration.
    public var schedule: String?
    /// nil for the schedule's own.
    public var runMode: RunMode?

    public init(scheduledFor: Timestamp, schedule: String? = nil, runMode: RunMode? = nil) {
        self.scheduledFor = scheduledFor
        self.schedule = schedule
        self.runMode = runMode
    }

    public var document: ByteBuffer {
        JSONWriter.document { json in
            json.object { json in
                json.member("scheduled_for", scheduledFor)
                json.member("schedule", schedule)
                json.member("run_mode", runMode?.rawValue)
            }
        }
    }

    /// - Throws: ``APIError`` (400) saying what is wrong and what is accepted.
    public init(body bytes: [UInt8]) throws(APIError) {
        guard !bytes.isEmpty else { throw .invalid("The body is empty; it has to be a JSON object with scheduled_for.") }
        var instant: Timestamp?
        var schedule: String?
        var mode: RunMode?
        do {
            try JSONReader.read(bytes) { reader in
                try reader.object { reader, name in
                    switch name {
                    case "scheduled_for": instant = try reader.timestamp()
                    case "schedule": schedule = try reader.string()
                    case "run_mode": mode = try reader.choice()
                    default: throw JSONProblem.unknownMember(name, accepted: Self.members)
                    }
                }
            }
        } catch {
            throw APIError(body: error)
        }
        guard let instant else { throw .invalid("The body's scheduled_for is missing; it is the time of a tick of the schedule.") }
        self.init(scheduledFor: instant, schedule: schedule, runMode: mode)
    }
}

/// The outcome of a backfill.
public struct BackfillAnswer: Hashable, Sendable {
    public enum Outcome: String, CaseIterable, Sendable {
        case started
        /// The tick had its run already.
        case alreadyStarted = "already-started"
        /// Its schedule is about to start it.
        case waiting
    }

    public var outcome: Outcome
    /// nil while the tick waits.
    public var run: RunID?
    /// The state of the run; nil when the run has been deleted.
    public var state: WorkflowState?

    public init(outcome: Outcome, run: RunID? = nil, state: WorkflowState? = nil) {
        self.outcome = outcome
        self.run = run
        self.state = state
    }

    public var document: ByteBuffer {
        JSONWriter.document { json in
            json.object { json in
                json.member("outcome", outcome.rawValue)
                json.member("run_id", run?.rawValue)
                json.member("state", state?.rawValue)
            }
        }
    }

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        self = try JSONReader.read(bytes) { reader in
            var texts: [String: String] = [:]
            try reader.object { reader, name in
                switch name {
                case "outcome", "run_id", "state": texts[name] = try reader.optional { try $0.string() }
                default: try reader.skip()
                }
            }
            let outcome = try texts["outcome"].flatMap(Outcome.init(rawValue:)).required("outcome")
            return BackfillAnswer(
                outcome: outcome, run: texts["run_id"].map(RunID.init(rawValue:)),
                state: texts["state"].flatMap(WorkflowState.init(rawValue:)))
        }
    }
}
