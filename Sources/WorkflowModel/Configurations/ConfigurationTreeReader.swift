/// Builds a configuration from the tree of a text, stage by stage.
struct ConfigurationTreeReader {
    let complaints: Complaints
    /// nil when zone names have been checked before.
    var zones: (any ScheduleZones)?

    /// A task before its needs are checked against the whole configuration.
    struct WrittenTask {
        var definition: TaskDefinition
        /// nil when the task uses the default: all tasks of the stage before, or all tasks before a closing task.
        var needs: [(id: String, line: Int)]?
        var line: Int
        /// The line of `needs`, or of the task without any.
        var needsLine: Int
        var stage: Int
        /// The names in its texts. Those of its defaults have been checked.
        var expressions: [WrittenExpression] = []
        /// The line of `if`, or of the task without any.
        var gateLine: Int
        /// The line of `for_each`, or of the task without any.
        var listLine: Int
    }

    func configuration(_ root: SourceNode) -> WorkflowConfiguration? {
        guard let members = MemberReader(root, WorkflowMembers.mapping, place: "the configuration", complaints) else { return nil }
        let id = members[WorkflowMembers.id]
        let name = members[WorkflowMembers.name]
        let type = members[WorkflowMembers.type]
        let runMode = members[WorkflowMembers.runMode]
        let labels = LabelsReader.labels(members)
        let parameters = ParametersReader(complaints: complaints).parameters(members)
        let warnAfter = members[WorkflowMembers.warnAfter]
        let concurrency = members[WorkflowMembers.concurrency]
        let afterStop = members[WorkflowMembers.afterStop]
        let alerts = AlertsReader(complaints: complaints).routes(members)
        let defaultsReader = DefaultsReader(complaints: complaints, parameters: parameters)
        let defaults = defaultsReader.defaults(members, WorkflowMembers.defaults)
        guard let (stages, tasks) = stages(members, defaults, defaultsReader) else { return nil }
        checkRunMode(runMode, of: stages, tasks: tasks, members)
        let schedules = ScheduleReader(complaints: complaints, zones: zones, parameters: parameters).schedules(members) { mode in
            tasks.contains { stages[$0.stage].runModes.contains(mode) && !$0.definition.when.isClosing }
        }
        let triggers = TriggersReader(complaints: complaints, parameters: parameters, configuration: id).triggers(members) { mode in
            tasks.contains { stages[$0.stage].runModes.contains(mode) && !$0.definition.when.isClosing }
        }
        let resolved = NeedsCheck(tasks: tasks, stages: stages.map(\.name), complaints: complaints).resolved()
        ExpressionCheck(tasks: resolved, parameters: parameters, complaints: complaints).check()
        guard let id, let name, let type else { return nil }
        return WorkflowConfiguration(
            id: id, name: name, type: type, runMode: runMode, labels: labels, parameters: parameters, warnAfter: warnAfter,
            concurrency: concurrency, afterStop: afterStop, schedules: schedules, triggers: triggers, alerts: alerts,
            stages: stages.enumerated().map { place, stage in
                Stage(name: stage.name, runModes: stage.runModes, tasks: resolved.filter { $0.stage == place }.map(\.definition))
            })
    }

    private func stages(
        _ members: MemberReader, _ defaults: TaskDefaults, _ reader: DefaultsReader
    ) -> (stages: [Stage], tasks: [WrittenTask])? {
        guard let node = members.require(WorkflowMembers.stages) else { return nil }
        guard case .list(let items) = node.content, !items.isEmpty else {
            let kind = if case .list = node.content { "an empty list" } else { node.kind }
            members.complain(node, "`stages` must be a list of stages such as `- {name: Sources, tasks: […]}`, not \(kind)")
            return nil
        }
        guard items.count <= ConfigurationLimits.stages else {
            members.complain(node, "there may be \(ConfigurationLimits.stages) stages at most, not \(items.count)")
            return nil
        }
        var stages: [Stage] = []
        var tasks: [WrittenTask] = []
        var lines: [ExactText: Int] = [:]
        for (place, item) in items.enumerated() {
            let (stage, own) = stage(item, number: place + 1, reader)
            if let stage, let first = lines[stage.name] {
                complaints.add(
                    item.line, "The stage name \(stage.name.quoted) is already used in line \(first). Give each stage its own name."
                )
            }
            if let stage { lines[stage.name] = lines[stage.name] ?? item.line }
            // A stage that could not be read keeps its position, so that messages about later stages stay correct.
            stages.append(stage ?? Stage(name: "\(place + 1)", tasks: []))
            tasks += self.tasks(item, stage: place, defaults.merging(own))
        }
        guard tasks.count <= ConfigurationLimits.tasks else {
            members.complain(node, "there may be \(ConfigurationLimits.tasks) tasks at most, not \(tasks.count)")
            return nil
        }
        return (stages, tasks)
    }

    /// A stage without its tasks, and its defaults.
    private func stage(_ node: SourceNode, number: Int, _ reader: DefaultsReader) -> (Stage?, TaskDefaults) {
        guard let members = MemberReader(node, StageMembers.mapping, place: "stage \(number)", complaints) else {
            return (nil, TaskDefaults())
        }
        let defaults = reader.defaults(members, StageMembers.defaults)
        let runModes = members[StageMembers.runModes]
        if let tasks = members.require(StageMembers.tasks) {
            if case .list = tasks.content {
            } else {
                members.complain(
                    tasks, "`tasks` must be a list of tasks such as `- {id: …, type: …, command: […]}`, not \(tasks.kind)")
            }
        }
        return (members[StageMembers.name].map { Stage(name: $0, runModes: runModes, tasks: []) }, defaults)
    }

    private func tasks(_ stage: SourceNode, stage place: Int, _ defaults: TaskDefaults) -> [WrittenTask] {
        guard case .mapping(let entries) = stage.content,
            let node = entries.first(where: { $0.name == StageMembers.tasks.name })?.value,
            case .list(let items) = node.content
        else { return [] }
        return items.enumerated().compactMap { number, item in
            TaskReader(complaints: complaints, defaults: defaults).task(item, number: number + 1, stage: place)
        }
    }

    /// With a default mode in which no task runs, every start without a mode would fail. Closing tasks alone have nothing to close.
    private func checkRunMode(_ mode: RunMode, of stages: [Stage], tasks: [WrittenTask], _ members: MemberReader) {
        guard complaints.isEmpty else { return }
        let ordinary = tasks.filter { !$0.definition.when.isClosing }
        let usable = RunMode.allCases.filter { mode in ordinary.contains { stages[$0.stage].runModes.contains(mode) } }
        if usable.isEmpty, !tasks.isEmpty {
            members.complain(
                members.line,
                "every task has `when: failure` or `when: always`; a configuration has at least one task without `when`")
        } else if usable.isEmpty {
            members.complain(members.line, "no stage has a task; a configuration has at least one")
        } else if !usable.contains(mode) {
            members.complain(
                members.line(of: WorkflowMembers.runMode),
                "`run_mode` is \(mode.rawValue.quoted)\(members.has(WorkflowMembers.runMode) ? "" : " by default"), in which no stage has a task\(ordinary.count < tasks.count ? " without `when`" : ""); "
                    + "set it to \(usable.map(\.rawValue).listed(before: "or"))")
        }
    }
}
