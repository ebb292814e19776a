/// A planned run, which a store writes when a start is accepted.
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
    public var labels: RunLabels
    public var parameters = RunParameters()
    /// The nominal time of a scheduled run; nil otherwise.
    public var scheduledFor: Timestamp?
    /// The schedule that started it; nil for a run started on request.
    public var schedule: String?
    /// The run that this one reruns; nil for an original run.
    public var rerunOf: RunID?
    /// The trigger that started it; nil for other runs.
    public var trigger: RunTrigger?
    /// The task that starts it and waits for it; nil for other runs.
    public var calledBy: RunCaller?
    /// The decisions that it carries; only of a rerun.
    public var resolutions: [RunResolution] = []
    public var warnAfter: Duration?
    /// How long its closing tasks may run after a stop; nil when it has none.
    public var afterStop: Duration?
    /// The names of the receivers to tell of its end, whatever their rules say.
    public var notifiedReceivers: [String] = []
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
    public var when: TaskCondition = .success
    /// The definition ids of the tasks in this run that must succeed first, or end first when it is a closing task.
    public var needs: [String]
    /// Its condition, which the store decides when the task becomes ready, at once for a task without needs; nil without one.
    public var gate: TaskGate?
    /// Of a task that runs once for each of several items; nil for other tasks.
    public var fan: FanOut?
    /// The list of a group, as far as it is known when the run is planned.
    public var list: JSONText?
    /// The group of the old run whose items a rerun takes over; nil when the list is resolved anew.
    public var oldItems: OldItems?
    /// Units of its tenant's resources, by name.
    public var uses: [String: Int] = [:]
    /// Whether the run mode skips it, or it is a closing task for failures and all that it needs was kept.
    public var isSkipped: Bool
    /// The result kept from an older run; nil when the task runs.
    public var kept: KeptTask?
    /// The result that a person gave; nil for other tasks.
    public var resolved: ResolvedTask?
    /// Whether it can be claimed at once.
    public var isReady: Bool

    /// Its initial state.
    public var state: TaskState {
        if isSkipped || resolution == .skip || kept?.wasUnmet == true { return .skipped }
        return kept == nil && resolved == nil ? .scheduled : .succeeded
    }

    /// How a person settled it, in this run or in the one that its result is kept from.
    public var resolution: Resolution? { resolved?.resolution ?? kept?.resolution }
}

/// A request to start a run.
public struct RunRequest: Hashable, Sendable {
    public var principal: Principal
    /// nil for the default mode of the configuration.
    public var runMode: RunMode?
    public var range: TimeWindow?
    /// In addition to those of the workflow, and in place of those with the same keys.
    public var labels: RunLabels
    /// The values that do not have to be the defaults.
    public var parameters: RunParameters
    /// The nominal time of a scheduled run; nil otherwise.
    public var scheduledFor: Timestamp?
    /// The schedule that starts it; nil for a run started on request.
    public var schedule: String?
    /// The trigger that starts it; nil for other runs.
    public var trigger: RunTrigger?

    public init(
        principal: Principal, runMode: RunMode? = nil, range: TimeWindow? = nil, labels: RunLabels = RunLabels(),
        parameters: RunParameters = RunParameters(), scheduledFor: Timestamp? = nil, schedule: String? = nil
    ) {
        self.principal = principal
        self.runMode = runMode
        self.range = range
        self.labels = labels
        self.parameters = parameters
        self.scheduledFor = scheduledFor
        self.schedule = schedule
    }
}

/// No task of the configuration runs in the requested run mode, except closing tasks.
public struct NothingToRun: Error, Hashable, Sendable {
    public var configuration: String
    public var runMode: RunMode
    /// The modes in which at least one task runs that is not a closing task.
    public var usable: [RunMode]
}

/// Why a run cannot be planned.
public enum RunPlanError: Error, Hashable, Sendable {
    case nothingToRun(NothingToRun)
    /// The workflow and the request have more than ``RunLabels/most`` labels together.
    case tooManyLabels(Int)
    case parameters(ParameterRefusal)

    /// Why the run cannot be started, for the person who asked for it.
    public var message: String {
        switch self {
        case .nothingToRun(let problem):
            let usable = problem.usable.map(\.rawValue).joined(separator: ", ")
            return "The configuration has no task in the run_mode \(problem.runMode.rawValue). It has tasks in \(usable)."
        case .parameters(let refusal): return refusal.message
        case .tooManyLabels(let count):
            return
                "The run would have \(count) labels, those of its configuration included; a run has at most \(RunLabels.most)."
        }
    }
}

extension RunPlan {
    /// Plans a run of a configuration: the run mode selects stages and skips the other tasks. Dependents of a skipped task depend
    /// on that task's own dependencies.
    ///
    /// - Parameter settings: the parameters that a schedule gives to its runs, unless the request has others.
    /// - Throws: ``RunPlanError/nothingToRun(_:)`` when the run mode skips every task, ``RunPlanError/tooManyLabels(_:)``,
    ///   ``RunPlanError/parameters(_:)``.
    public init(
        _ configuration: WorkflowConfiguration, version: ConfigurationVersion, for request: RunRequest,
        settings: [ParameterSetting] = [], at now: Timestamp, random: any RandomSource
    ) throws(RunPlanError) {
        let labels = configuration.labels.merging(request.labels)
        guard labels.count <= RunLabels.most else { throw .tooManyLabels(labels.count) }
        do {
            try self.init(configuration, labels: labels, version: version, for: request, at: now, random: random)
        } catch {
            throw .nothingToRun(error)
        }
        do {
            let given = settings.values(in: context).merging(request.parameters)
            parameters = try configuration.parameters(given: given, in: context)
        } catch {
            throw .parameters(error)
        }
        addGates(of: configuration)
        addFanOuts(of: configuration)
    }

    /// - Parameter labels: those of the run, whatever the configuration and the request have.
    init(
        _ configuration: WorkflowConfiguration, labels: RunLabels, version: ConfigurationVersion, for request: RunRequest,
        at now: Timestamp, random: any RandomSource
    ) throws(NothingToRun) {
        let mode = request.runMode ?? configuration.runMode
        guard configuration.stages.contains(where: { $0.runModes.contains(mode) && $0.hasWork }) else {
            let usable = RunMode.allCases.filter { candidate in
                configuration.stages.contains { $0.runModes.contains(candidate) && $0.hasWork }
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
        self.labels = labels
        scheduledFor = request.scheduledFor
        schedule = request.schedule
        trigger = request.trigger
        warnAfter = configuration.warnAfter
        tasks = Self.plannedTasks(of: configuration, in: mode, at: now, random: random)
        afterStop = tasks.contains { $0.when.isClosing && !$0.isSkipped } ? configuration.afterStop : nil
    }

    private static func plannedTasks(
        of configuration: WorkflowConfiguration, in mode: RunMode, at now: Timestamp, random: any RandomSource
    ) -> [PlannedTask] {
        // The needs of skipped tasks, by id.
        let skipped = skippedTasks(of: configuration, in: mode)
        // Cached by the written needs, because the tasks of a stage usually have the same needs: hundreds of tasks that each need
        // hundreds of skipped ones would otherwise be resolved pair by pair.
        var resolved: [[String]: [String]] = [:]

        /// The needs of a task with each skipped task replaced by that task's own needs.
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
                    timeout: definition.timeout, when: definition.when, needs: needs, uses: definition.uses, isSkipped: isSkipped,
                    isReady: !isSkipped && needs.isEmpty)
            }
        }
    }
}

extension RunPlan {
    /// The values that its parameters can be made from.
    var context: RunContext {
        RunContext(
            id: id, tenant: tenant.name, configuration: configuration, name: name, createdAt: createdAt, mode: runMode,
            range: range,
            scheduledFor: scheduledFor)
    }

    /// The number of warnings of kept tasks.
    package var warnings: Int { tasks.reduce(0) { $0 + ($1.kept?.warnings ?? 0) } }

    /// The run as it was accepted.
    package var accepted: WorkflowRunDetails {
        WorkflowRunDetails(
            run: WorkflowRun(
                id: id, tenant: tenant, name: name, type: type, state: .scheduled, createdAt: createdAt, principal: principal,
                origin: RunOrigin(
                    configuration: configuration, labels: labels, parameters: parameters, runMode: runMode, range: range,
                    scheduledFor: scheduledFor, schedule: schedule, rerunOf: rerunOf, trigger: trigger)),
            launchedVersion: version, currentVersion: version, warnAfter: warnAfter.map { .milliseconds($0.milliseconds) },
            calledBy: calledBy)
    }
}
