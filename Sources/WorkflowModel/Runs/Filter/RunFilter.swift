/// Selects runs of a tenant. A property without a condition does not filter; a run matches when it matches all properties.
///
/// Every property has its fields in ``RunFilterField``.
public struct RunFilter: Hashable, Sendable {
    /// When runs were created.
    public var created: TimeWindow?
    /// When runs ended. A run that has not ended is in no such window.
    public var ended: TimeWindow?
    /// Runs in any of these states. An empty set matches no run.
    public var states: Set<RunState>?
    public var types = TextChoice()
    /// Ids of workflows.
    public var configurations = TextChoice()
    /// Ids of principals.
    public var principals = TextChoice()
    /// Runs with an error that is attributed to any of these.
    public var attributions: Set<Attribution>?
    public var errorTypes = TextChoice()
    /// Words of the search: all of `included` have to occur, and none of `excluded`.
    public var words = RunWords()
    public var labels = LabelChoice()
    public var runMode: RunMode?
    /// The id of the schedule that started the run.
    @Exact public var schedule: String?
    /// The run that matching runs repeat.
    public var rerunOf: RunID?
    /// The time from creation to end. A run that has not ended is in no such window.
    public var runtime: DurationWindow?
    /// The least number of attempts of the task with the most attempts.
    public var attemptsFrom: Int?
    /// Whether matching runs have warnings.
    public var hasWarnings: Bool?

    public init(
        created: TimeWindow? = nil, ended: TimeWindow? = nil, states: Set<RunState>? = nil, types: TextChoice = TextChoice()
    ) {
        self.created = created
        self.ended = ended
        self.states = states
        self.types = types
    }

    /// - Parameter type: nil for any type.
    public init(created: TimeWindow? = nil, ended: TimeWindow? = nil, states: Set<RunState>? = nil, type: String?) {
        self.init(created: created, ended: ended, states: states, types: TextChoice(type))
    }

    /// - Parameter state: shows what ``WorkflowState/runStates`` says; nil shows all.
    public init(created: TimeWindow? = nil, ended: TimeWindow? = nil, state: WorkflowState?, type: String? = nil) {
        self.init(created: created, ended: ended, states: state?.runStates, types: TextChoice(type))
    }

    /// The key by which runs are sorted if the request does not name one: their creation, unless there is only a window on their
    /// end.
    public var sortKey: RunSortKey {
        ended != nil && created == nil ? .ended : .created
    }

    /// The states that matching runs can be in. Empty when nothing can match: no state is asked for, or only states in which no run
    /// has ended while the filter requires an end.
    public var possibleStates: [RunState] {
        let requiresEnd = ended != nil || runtime != nil
        return RunState.allCases.filter { states?.contains($0) ?? true && (!requiresEnd || $0.hasEnded) }
    }

    /// The states that a list has to be walked by, one walk for each; nil where one walk through all states finds the same runs.
    public var statesToWalk: [RunState]? {
        guard states != nil else { return nil }
        let possible = possibleStates
        return possible.count == RunState.allCases.count ? nil : possible
    }

    public func matches(_ run: WorkflowRun) -> Bool {
        if let created, !created.contains(run.createdAt) { return false }
        if let ended, !(run.endedAt.map(ended.contains) ?? false) { return false }
        if let states, !states.contains(run.state) { return false }
        return types.matches(run.type) && matchesAddedConditions(run)
    }
}

// MARK: The conditions that Weir adds to those of the documented API

extension RunFilter {
    /// Whether there are conditions beside windows, states and types.
    public var hasAddedConditions: Bool {
        self != RunFilter(created: created, ended: ended, states: states, types: types)
    }

    /// Whether a run matches the conditions beside windows, states and types.
    public func matchesAddedConditions(_ run: WorkflowRun) -> Bool {
        let origin = run.origin
        guard configurations.matches(origin.configuration), principals.matches(run.principal.id) else { return false }
        if let attributions, !(run.error?.attribution.map(attributions.contains) ?? false) { return false }
        guard errorTypes.matches(run.error?.type), labels.matches(origin.labels) else { return false }
        if let runMode, origin.runMode != runMode { return false }
        if let schedule, !(origin.schedule?.isIdentical(to: schedule) ?? false) { return false }
        if let rerunOf, origin.rerunOf != rerunOf { return false }
        if let runtime, !(run.runtime.map(runtime.contains) ?? false) { return false }
        if let attemptsFrom, run.attempts < attemptsFrom { return false }
        if let hasWarnings, hasWarnings != (run.warnings > 0) { return false }
        return words.matches(run)
    }
}
