public import NIOCore
public import WorkflowModel

/// The body of `POST /api/workflow/configs/{id}/backfill`: starts the run of one past tick.
public struct BackfillRequest: Hashable, Sendable {
    public static let members = ["scheduled_for", "schedule", "run_mode", "parameters", "again_before", "dry_run"]

    public var scheduledFor: Timestamp
    /// nil for the only schedule of the configuration.
    public var schedule: String?
    /// nil for that of the tick's run before, or for the schedule's own.
    public var runMode: RunMode?
    /// In place of those of the schedule, and of the run before.
    public var parameters: RunParameters
    /// Starts the tick once more when its run has ended and was created before this time; nil leaves every tick with a run alone.
    /// A request that is repeated with the same time starts it once.
    public var againBefore: Timestamp?
    /// Answers what the request would do, and does nothing.
    public var isDryRun: Bool

    public init(
        scheduledFor: Timestamp, schedule: String? = nil, runMode: RunMode? = nil,
        parameters: RunParameters = RunParameters(), againBefore: Timestamp? = nil, isDryRun: Bool = false
    ) {
        self.scheduledFor = scheduledFor
        self.schedule = schedule
        self.runMode = runMode
        self.parameters = parameters
        self.againBefore = againBefore
        self.isDryRun = isDryRun
    }

    public var document: ByteBuffer {
        JSONWriter.document { json in
            json.object { json in
                json.member("scheduled_for", scheduledFor)
                json.member("schedule", schedule)
                json.member("run_mode", runMode?.rawValue)
                json.member("parameters", parameters)
                json.member("again_before", againBefore)
                if isDryRun {
                    json.name("dry_run")
                    json.boolean(true)
                }
            }
        }
    }

    /// - Throws: ``APIError`` (400) saying what is wrong and what is accepted.
    public init(body bytes: [UInt8]) throws(APIError) {
        guard !bytes.isEmpty else { throw .invalid("The body is empty; it has to be a JSON object with scheduled_for.") }
        var instant: Timestamp?
        var schedule: String?
        var mode: RunMode?
        var parameters = RunParameters()
        var againBefore: Timestamp?
        var isDryRun = false
        do {
            try JSONReader.read(bytes) { reader in
                try reader.object { reader, name in
                    switch name {
                    case "scheduled_for": instant = try reader.timestamp()
                    case "schedule": schedule = try reader.string()
                    case "run_mode": mode = try reader.choice()
                    case "parameters": parameters = try reader.parameters()
                    case "again_before": againBefore = try reader.timestamp()
                    case "dry_run": isDryRun = try reader.boolean()
                    default: throw JSONProblem.unknownMember(name, accepted: Self.members)
                    }
                }
            }
        } catch {
            throw APIError(body: error)
        }
        guard let instant else { throw .invalid("The body's scheduled_for is missing; it is the time of a tick of the schedule.") }
        self.init(
            scheduledFor: instant, schedule: schedule, runMode: mode, parameters: parameters, againBefore: againBefore,
            isDryRun: isDryRun)
    }
}

/// The outcome of a backfill.
public struct BackfillAnswer: Hashable, Sendable {
    public enum Outcome: String, CaseIterable, Sendable {
        case started
        /// The tick had a run that has ended, and was started once more.
        case startedAgain = "started-again"
        /// The tick had its run already.
        case alreadyStarted = "already-started"
        /// The tick was to start once more, but its run has not ended.
        case underWay = "under-way"
        /// Its schedule is about to start it.
        case waiting

        /// Whether the request started a run; of a dry run, whether it would.
        public var isStart: Bool {
            switch self {
            case .started, .startedAgain: true
            case .alreadyStarted, .underWay, .waiting: false
            }
        }
    }

    public var outcome: Outcome
    /// nil while the tick waits, and for a run that a dry run did not start.
    public var run: RunID?
    /// The state of the run; nil when the run has been deleted.
    public var state: WorkflowState?
    /// The run before, of a tick that was started once more; nil when it has been deleted.
    public var former: RunID?
    /// The service's time: ``BackfillRequest/againBefore`` of a backfill that begins now.
    public var decidedAt: Timestamp?

    public init(
        outcome: Outcome, run: RunID? = nil, state: WorkflowState? = nil, former: RunID? = nil, decidedAt: Timestamp? = nil
    ) {
        self.outcome = outcome
        self.run = run
        self.state = state
        self.former = former
        self.decidedAt = decidedAt
    }

    public var document: ByteBuffer {
        JSONWriter.document { json in
            json.object { json in
                json.member("outcome", outcome.rawValue)
                json.member("run_id", run?.rawValue)
                json.member("state", state?.rawValue)
                json.member("rerun_of", former?.rawValue)
                json.member("decided_at", decidedAt)
            }
        }
    }

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        self = try JSONReader.read(bytes) { reader in
            var texts: [String: String] = [:]
            var decidedAt: Timestamp?
            try reader.object { reader, name in
                switch name {
                case "decided_at": decidedAt = try reader.optional { try $0.timestamp() }
                case "outcome", "run_id", "state", "rerun_of": texts[name] = try reader.optional { try $0.string() }
                default: try reader.skip()
                }
            }
            let outcome = try texts["outcome"].flatMap(Outcome.init(rawValue:)).required("outcome")
            return BackfillAnswer(
                outcome: outcome, run: texts["run_id"].map(RunID.init(rawValue:)),
                state: texts["state"].flatMap(WorkflowState.init(rawValue:)),
                former: texts["rerun_of"].map(RunID.init(rawValue:)), decidedAt: decidedAt)
        }
    }
}
