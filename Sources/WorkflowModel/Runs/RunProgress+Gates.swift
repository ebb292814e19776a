// Conditions of tasks are decided when everything that a task needs is there. Outputs are only loaded for a decision that needs them.
extension RunProgress {
    /// Begins a new run in which no task may be ready: decides conditions of tasks without open needs, and ends a run of which no task has to
    /// run, because every result is kept, was given, or is not wanted.
    public mutating func open(at now: Timestamp) throws(IllegalTransition) {
        try decideGates(at: moment(of: now))
    }

    /// Goes on with the outputs that conditions waited for.
    /// - Parameter outputs: those of ``wantedOutputs``, by definition id; tasks without outputs are left out.
    public mutating func learn(_ outputs: [String: JSONText], at now: Timestamp) throws(IllegalTransition) {
        for id in wantedOutputs { knownOutputs[id] = outputs[id] ?? ResolvedOutputs.none }
        wantedOutputs = []
        try decideGates(at: moment(of: now))
    }

    mutating func decideGates(at moment: Moment) throws(IllegalTransition) {
        try releaseDependents(at: moment)
        try advanceClosingTasks(at: moment)
        try settle(at: moment)
    }

    /// Makes a task ready that has everything it needs, or skips it when its condition is false. While outputs are missing that its condition
    /// names, it stays as it is.
    ///
    /// A condition without a result makes the task ready: its attempt fails and says why, so that a failed condition is like any failure.
    /// - Returns: whether it was skipped.
    mutating func release(_ index: Int, at moment: Moment) throws(IllegalTransition) -> Bool {
        switch verdict(onTaskAt: index) {
        case .unknown: return false
        case .isFalse:
            try move(index, .skipped, at: moment)
            tasks[index].gate = .closed
            tasks[index].output = ResolvedOutputs.none
            return true
        case .isTrue, .hasNoResult:
            if tasks[index].fan != nil {
                open(groupAt: index, at: moment)
                return false
            }
            tasks[index].readyAt = moment.clock
            changedTasks.insert(index)
            hasNewWork = true
            return false
        }
    }

    private enum Verdict {
        case isTrue
        case isFalse
        case hasNoResult
        /// Outputs are wanted first.
        case unknown
    }

    private mutating func verdict(onTaskAt index: Int) -> Verdict {
        guard let gate = tasks[index].gate else { return .isTrue }
        guard let expression = gate.expression else { return gate.isClosed ? .isFalse : .hasNoResult }
        var outputs: [ExactText: JSONValue] = [:]
        var isComplete = true
        for name in Set(expression.references.filter { $0.root == .outputs }.map { ExactText($0.name) }) {
            // Only of a task that succeeded or was settled. Others have none.
            guard let task = tasks.first(where: { $0.definitionID.isIdentical(to: name.text) }), task.satisfiesNeeds else {
                continue
            }
            guard let text = output(of: task) else {
                isComplete = false
                continue
            }
            outputs[name] = JSONValue(json: text.text.utf8)
        }
        guard isComplete else { return .unknown }
        do {
            return try expression.isTrue(AttemptValues(outputs: outputs)) ? .isTrue : .isFalse
        } catch {
            return .hasNoResult
        }
    }
}

extension RunProgress {
    /// The outputs of an ended task; nil when they have to be asked for, which it does.
    mutating func output(of task: TaskProgress) -> JSONText? {
        if let known = task.output ?? knownOutputs[task.definitionID] { return known }
        wantedOutputs.insert(task.definitionID)
        return nil
    }
}

extension RunPlan {
    /// Whether conditions have to be decided, or lists of items resolved, before anything is ready that they are about.
    package var hasGates: Bool { tasks.contains { ($0.gate != nil || $0.fan != nil) && !$0.state.hasEnded } }

    /// Gives the conditions of the configuration to the tasks of the run, with the values that are known.
    mutating func addGates(of configuration: WorkflowConfiguration) {
        let gates = Dictionary(
            configuration.tasks.compactMap { task in task.gate.map { (task.id, $0) } }, uniquingKeysWith: { first, _ in first })
        guard !gates.isEmpty else { return }
        let values = AttemptValues(outputs: [:], parameters: parameters, run: context)
        for index in tasks.indices where !tasks[index].isSkipped {
            guard let gate = gates[tasks[index].definitionID] else { continue }
            tasks[index].gate = TaskGate(gate, in: values)
            tasks[index].isReady = false
        }
    }
}
