/// A run as it is going to be: what a store writes when a start is accepted.
public struct RunPlan: Hashable, Sendable {
    public var id: RunID
    public var tenant: Tenant
    public var name: String
    public var type: String
    public var configuration: String
    public var version: ConfigurationVersionID
    public var principal: Principal
    public var createdAt: Timestamp
    public var runMode: RunMode
    public var range: TimeWindow?
    /// The nominal time, of a run for a tick of a schedule.
    public var scheduledFor: Timestamp?
    /// The schedule that started it by itself; nil when somebody asked for it.
    public var schedule: String?
    /// The run that this one does over; nil for a start of its own.
    public var rerunOf: RunID?
    public var warnAfter: Duration?
    /// In the order of the configuration.
    public var tasks: [PlannedTask]
}

/// A task of a planned run.
public struct PlannedTask: Hashable, Sendable {
    public var id: TaskID
    public var stage: String
    public var definitionID: String
    public var definitionType: String
    public var label: String
    public var executionType: ExecutionType
    public var timeout: Duration?
    /// The definition ids of the tasks of this run that must succeed first.
    public var needs: [String]
    /// Units of its tenant's resources, by name.
    public var uses: [String: Int] = [:]
    /// Whether the run mode leaves it out.
    public var isSkipped: Bool
    /// What it is given in place of being run; nil for a task that is not kept from another run.
    public var kept: KeptTask?
    /// Whether nothing has to happen before it.
    public var isReady: Bool

    /// The one that it begins in.
    public var state: TaskState {
        if isSkipped { return .skipped }
        return kept == nil ? .scheduled : .succeeded
    }
}

/// Who starts what, and how.
public struct RunRequest: Hashable, Sendable {
    public var principal: Principal
    /// nil for the configuration's own.
    public var runMode: RunMode?
    public var range: TimeWindow?
    /// The nominal time, of a run for a tick of a schedule.
    public var scheduledFor: Timestamp?
    /// The schedule that starts it by itself; nil when somebody asks for it.
    public var schedule: String?

    public init(
        principal: Principal, runMode: RunMode? = nil, range: TimeWindow? = nil, scheduledFor: Timestamp? = nil,
        schedule: String? = nil
    ) {
        self.principal = principal
        self.runMode = runMode
        self.range = range
        self.scheduledFor = scheduledFor
        self.schedule = schedule
    }
}

/// No task of a configuration takes part in the run mode that was asked for.
public struct NothingToRun: Error, Hashable, Sendable {
    public var configuration: String
    public var runMode: RunMode
    /// The modes in which there is something to do.
    public var usable: [RunMode]
}

extension RunPlan {
    /// Plans a run of a configuration: the run mode picks stages, what is left out is skipped, and what needed something
    /// that is left out needs what that needed instead.
    ///
    /// - Throws: ``NothingToRun`` when the run mode leaves everything out.
    public init(
        _ configuration: WorkflowConfiguration, version: ConfigurationVersion, for request: RunRequest, at now: Timestamp,
        random: any RandomSource
    ) throws(NothingToRun) {
        let mode = request.runMode ?? configuration.runMode
        guard configuration.stages.contains(where: { $0.runModes.contains(mode) && !$0.tasks.isEmpty }) else {
            let usable = RunMode.allCases.filter { candidate in
                configuration.stages.contains { $0.runModes.contains(candidate) && !$0.tasks.isEmpty }
            }
            throw NothingToRun(configuration: configuration.id, runMode: mode, usable: usable)
        }
        id = RunID(at: now, using: random)
        tenant = version.tenant
        name = configuration.name
        type = configuration.type
        self.configuration = configuration.id
        self.version = version.id
        principal = request.principal
        createdAt = now
        runMode = mode
        range = request.range
        scheduledFor = request.scheduledFor
        schedule = request.schedule
        warnAfter = configuration.warnAfter
        tasks = Self.plannedTasks(of: configuration, in: mode, at: now, random: random)
    }

    private static func plannedTasks(
        of configuration: WorkflowConfiguration, in mode: RunMode, at now: Timestamp, random: any RandomSource
    ) -> [PlannedTask] {
        // By their ids, what they need.
        var skipped: [String: [String]] = [:]
        for stage in configuration.stages where !stage.runModes.contains(mode) {
            for task in stage.tasks { skipped[task.id] = task.needs }
        }
        // By what is written, because the tasks of a stage mostly need the same: hundreds that each need hundreds that are
        // skipped would otherwise be gone through once for every pair.
        var resolved: [[String]: [String]] = [:]

        /// What a task needs once everything that is skipped has been replaced by what it needs itself.
        func resolve(_ written: [String]) -> [String] {
            guard written.contains(where: { skipped[$0] != nil }) else { return written }
            if let known = resolved[written] { return known }
            var result: [String] = []
            var seen: Set<String> = []
            var replaced: Set<[String]> = []
            for need in written {
                guard let needs = skipped[need] else {
                    if seen.insert(need).inserted { result.append(need) }
                    continue
                }
                let instead = resolve(needs)
                guard replaced.insert(instead).inserted else { continue }
                for id in instead where seen.insert(id).inserted { result.append(id) }
            }
            resolved[written] = result
            return result
        }

        return configuration.stages.flatMap { stage in
            stage.tasks.map { definition in
                let isSkipped = skipped[definition.id] != nil
                let needs = isSkipped ? [] : resolve(definition.needs)
                return PlannedTask(
                    id: TaskID(at: now, using: random), stage: stage.name, definitionID: definition.id,
                    definitionType: definition.type, label: definition.label, executionType: definition.action.executionType,
                    timeout: definition.timeout, needs: needs, uses: definition.uses, isSkipped: isSkipped,
                    isReady: !isSkipped && needs.isEmpty)
            }
        }
    }
}
