public import WorkflowModel

/// A runner that follows a test's script and records its calls.
public final class ScriptedRunner: TaskRunner {
    /// The script of one attempt.
    public struct Step: Sendable {
        public enum Ending: Sendable {
            /// Ends immediately.
            case outcome(TaskOutcome)
            /// Ends when the test says so, or as `stopped` when cancelled.
            case held
            /// Ends when the test says so, even if it is cancelled: work that is slow to end.
            case heldWhateverHappens
        }

        /// Whether it reports its begin.
        public var begins = true
        /// Printed in this order after the begin.
        public var prints: [[UInt8]] = []
        /// Printed to standard error behind that.
        public var complains: [[UInt8]] = []
        public var records = false
        public var ending: Ending
        /// Reported when it ends as `stopped`.
        public var receipt: TaskEnding?

        public init(
            _ ending: Ending, begins: Bool = true, prints: [[UInt8]] = [], complains: [[UInt8]] = [], records: Bool = false,
            receipt: TaskEnding? = nil
        ) {
            self.ending = ending
            self.begins = begins
            self.prints = prints
            self.complains = complains
            self.records = records
            self.receipt = receipt
        }

        public static let succeed = Step(.outcome(.succeeded(TaskOutput())))
        public static let hold = Step(.held)
        public static let holdWhateverHappens = Step(.heldWhateverHappens)
        public static func fail(_ attribution: Attribution) -> Step {
            Step(.outcome(.failed(.scripted(attribution))))
        }
    }

    /// The calls so far.
    public struct Record: Sendable {
        /// Every attempt, in order.
        public var attempts: [TaskAttempt] = []
        /// Running attempts.
        public var live: Set<TaskID> = []
        /// The largest number of concurrent attempts.
        public var mostAtOnce = 0
        /// Attempts that were cancelled while they ran.
        public var cancelled: [TaskAttempt] = []
        public var ended: [TaskAttempt] = []
        /// Attempts that were killed.
        public var killed: [TaskID] = []
        public var leftovers: [Set<TaskID>] = []
        public var looksForOrphans = 0
        /// Attempts whose work outside was canceled.
        public var canceledOutside: [TaskAttempt] = []

        public func attempts(of definition: String) -> [TaskAttempt] {
            attempts.filter { $0.definition.id == definition }
        }
    }

    private struct State: Sendable {
        var script: [String: [Step]]
        var record = Record()
        var outcomes: [TaskID: TaskOutcome] = [:]
        var live: [TaskID: String] = [:]
        var canStart = true
        var questions = 0
    }

    private let state: Watched<State>
    private let otherwise: Step

    /// - Parameters:
    ///  - script: the steps of each definition, one per attempt.
    ///  - otherwise: the step for attempts beyond the script.
    public init(_ script: [String: [Step]] = [:], otherwise: Step = .succeed) {
        state = Watched(State(script: script))
        self.otherwise = otherwise
    }

    public var record: Record { state.value.record }

    /// Set by the test; true at first.
    public var canStart: Bool {
        state.change { state in
            state.questions += 1
            return state.canStart
        }
    }

    public func setCanStart(_ canStart: Bool) {
        state.change { $0.canStart = canStart }
    }

    /// Returns when ``canStart`` has been read that many times.
    public func untilAsked(times: Int) async {
        await state.until { $0.questions >= times }
    }

    public func run(_ attempt: TaskAttempt, reporting report: any TaskReport) async -> TaskOutcome {
        let step = state.change { state in
            state.record.attempts.append(attempt)
            state.record.live.insert(attempt.task)
            state.record.mostAtOnce = max(state.record.mostAtOnce, state.record.live.count)
            guard let steps = state.script[attempt.definition.id], let step = steps.first else { return otherwise }
            state.script[attempt.definition.id] = Array(steps.dropFirst())
            return step
        }
        if step.begins { await report.began() }
        for piece in step.prints { report.printed(piece) }
        for piece in step.complains { report.printed(piece, to: .stderr) }
        let outcome = await outcome(of: attempt, step: step)
        if let receipt = step.receipt, case .stopped = outcome { await report.wasEnded(receipt) }
        if step.records, case .succeeded = outcome { await report.recording() }
        state.change { state in
            state.record.live.remove(attempt.task)
            state.record.ended.append(attempt)
            state.live[attempt.task] = nil
        }
        return outcome
    }

    private func outcome(of attempt: TaskAttempt, step: Step) async -> TaskOutcome {
        if case .outcome(let outcome) = step.ending { return outcome }
        let task = attempt.task
        await withTaskCancellationHandler {
            state.change { $0.live[task] = attempt.definition.id }
            await state.untilWhateverHappens { $0.outcomes[task] != nil }
        } onCancel: {
            state.change { state in
                state.record.cancelled.append(attempt)
                if case .held = step.ending, state.outcomes[task] == nil { state.outcomes[task] = .stopped }
            }
        }
        return state.change { $0.outcomes.removeValue(forKey: task) } ?? .stopped
    }

    public func endAtOnce(_ task: TaskID, attempt: Int) {
        state.change { state in
            state.record.killed.append(task)
            if state.live[task] != nil, state.outcomes[task] == nil { state.outcomes[task] = .stopped }
        }
    }

    public func cancelOutside(_ attempt: TaskAttempt, reporting report: any TaskReport) async {
        report.printed(Array("canceled\n".utf8))
        state.change { $0.record.canceledOutside.append(attempt) }
    }

    public func endLeftovers(of tasks: Set<TaskID>) async {
        state.change { $0.record.leftovers.append(tasks) }
    }

    public func endOrphans() async {
        state.change { $0.record.looksForOrphans += 1 }
    }

    /// Ends the held attempts at a definition.
    public func finish(_ definition: String, with outcome: TaskOutcome = .succeeded(TaskOutput())) {
        state.change { state in
            for (task, id) in state.live where id == definition { state.outcomes[task] = outcome }
        }
    }

    /// Returns when an attempt at the definition has begun and is held.
    public func untilHeld(_ definition: String) async {
        await state.until { $0.live.values.contains(definition) }
    }

    /// Returns when the record meets the condition.
    public func until(_ isMet: @escaping @Sendable (Record) -> Bool) async {
        await state.until { isMet($0.record) }
    }
}

extension RunError {
    /// The error of a scripted failure.
    public static func scripted(_ attribution: Attribution) -> RunError {
        RunError(attribution: attribution, type: "weir.test/scripted", message: "Scripted failure.")
    }
}
