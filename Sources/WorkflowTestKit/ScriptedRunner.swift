public import WorkflowModel

/// A runner that does what a test tells it, and remembers what it was asked.
public final class ScriptedRunner: TaskRunner {
    /// What one attempt does.
    public struct Step: Sendable {
        public enum Ending: Sendable {
            /// At once.
            case outcome(TaskOutcome)
            /// When the test says so; by cancellation as `stopped`.
            case held
            /// When the test says so, whatever is cancelled: work that takes long to end.
            case heldWhateverHappens
        }

        /// Whether it says that it began.
        public var begins = true
        /// In this order, after it began.
        public var prints: [[UInt8]] = []
        public var records = false
        public var ending: Ending

        public init(_ ending: Ending, begins: Bool = true, prints: [[UInt8]] = [], records: Bool = false) {
            self.ending = ending
            self.begins = begins
            self.prints = prints
            self.records = records
        }

        public static let succeed = Step(.outcome(.succeeded(TaskOutput())))
        public static let hold = Step(.held)
        public static let holdWhateverHappens = Step(.heldWhateverHappens)
        public static func fail(_ attribution: Attribution) -> Step {
            Step(.outcome(.failed(.scripted(attribution))))
        }
    }

    /// What happened so far.
    public struct Record: Sendable {
        /// Every attempt that was asked for, in that order.
        public var attempts: [TaskAttempt] = []
        /// Those that go on.
        public var live: Set<TaskID> = []
        /// The most that went on at once.
        public var mostAtOnce = 0
        /// Attempts that were told to end while they went on.
        public var cancelled: [TaskAttempt] = []
        public var ended: [TaskAttempt] = []
        public var leftovers: [Set<TaskID>] = []
        public var looksForOrphans = 0

        public func attempts(of definition: String) -> [TaskAttempt] {
            attempts.filter { $0.definition.id == definition }
        }
    }

    private struct State: Sendable {
        var script: [String: [Step]]
        var record = Record()
        var outcomes: [TaskID: TaskOutcome] = [:]
        var live: [TaskID: String] = [:]
    }

    private let state: Watched<State>
    private let otherwise: Step

    /// - Parameters:
    ///   - script: what each attempt does, by the ids of definitions: one step after the other.
    ///   - otherwise: what attempts do that the script has no step for.
    public init(_ script: [String: [Step]] = [:], otherwise: Step = .succeed) {
        state = Watched(State(script: script))
        self.otherwise = otherwise
    }

    public var record: Record { state.value.record }

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
        let outcome = await outcome(of: attempt, step: step)
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

    /// Returns when what happened so far is as it should be.
    public func until(_ isMet: @escaping @Sendable (Record) -> Bool) async {
        await state.until { isMet($0.record) }
    }
}

extension RunError {
    /// What a scripted attempt fails with.
    public static func scripted(_ attribution: Attribution) -> RunError {
        RunError(attribution: attribution, type: "weir.test/scripted", message: "The script said so.")
    }
}
