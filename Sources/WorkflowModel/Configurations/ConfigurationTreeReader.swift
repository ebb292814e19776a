/// Turns the tree of a text into a configuration, stage by stage.
struct ConfigurationTreeReader {
    let complaints: Complaints
    /// Where zones are looked up; nil where their names have been checked before.
    var zones: (any ScheduleZones)?

    /// A task with what only the whole configuration can tell: whether what it needs is there.
    struct WrittenTask {
        var definition: TaskDefinition
        /// nil when the task leaves them to the default.
        var needs: [(id: String, line: Int)]?
        var line: Int
        var stage: Int
    }

    static let example = "{id: daily, name: Daily, type: shop.daily, stages: […]}"

    func configuration(_ root: SourceNode) -> WorkflowConfiguration? {
        let accepted = ["id", "name", "type", "run_mode", "warn_after", "concurrency", "schedule", "schedules", "alerts", "stages"]
        guard
            let members = MemberReader(root, place: "the configuration", accepting: accepted, example: Self.example, complaints)
        else { return nil }
        let id = members.requiredID()
        let name = members.requiredName("name", "Daily")
        let type = members.requiredName("type", "shop.daily/run")
        let runMode = members.node("run_mode").flatMap { members.choice($0, "run_mode", of: RunMode.self) } ?? .full
        let warnAfter = members.duration("warn_after")
        let concurrency = members.whole("concurrency", in: ConfigurationLimits.concurrency)
        let alerts = AlertsReader(complaints: complaints).routes(members)
        guard let (stages, tasks) = stages(members) else { return nil }
        checkRunMode(runMode, of: stages, tasks: tasks, members)
        let schedules = ScheduleReader(complaints: complaints, zones: zones).schedules(members) { mode in
            tasks.contains { stages[$0.stage].runModes.contains(mode) }
        }
        let resolved = NeedsCheck(tasks: tasks, stages: stages.map(\.name), complaints: complaints).resolved()
        guard let id, let name, let type else { return nil }
        return WorkflowConfiguration(
            id: id, name: name, type: type, runMode: runMode, warnAfter: warnAfter, concurrency: concurrency, schedules: schedules,
            alerts: alerts,
            stages: stages.enumerated().map { place, stage in
                Stage(name: stage.name, runModes: stage.runModes, tasks: resolved.filter { $0.stage == place }.map(\.definition))
            })
    }

    private func stages(_ members: MemberReader) -> (stages: [Stage], tasks: [WrittenTask])? {
        guard let node = members.require("stages", "a list of stages, each with a name and its tasks") else { return nil }
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
        var lines: [String: Int] = [:]
        for (place, item) in items.enumerated() {
            let stage = stage(item, number: place + 1)
            if let stage, let first = lines[stage.name] {
                complaints.add(
                    item.line, "The stage \(stage.name.quoted) is already there in line \(first); names of stages differ.")
            }
            if let stage { lines[stage.name] = lines[stage.name] ?? item.line }
            // A stage that could not be read keeps its place, so that what is said about the others stays true.
            stages.append(stage ?? Stage(name: "\(place + 1)", tasks: []))
            tasks += self.tasks(item, stage: place)
        }
        guard tasks.count <= ConfigurationLimits.tasks else {
            members.complain(node, "there may be \(ConfigurationLimits.tasks) tasks at most, not \(tasks.count)")
            return nil
        }
        return (stages, tasks)
    }

    /// A stage without its tasks.
    private func stage(_ node: SourceNode, number: Int) -> Stage? {
        guard
            let members = MemberReader(
                node, place: "stage \(number)", accepting: ["name", "run_modes", "tasks"], example: "{name: Sources, tasks: […]}",
                complaints)
        else { return nil }
        let runModes = members.choices("run_modes", of: RunMode.self) ?? Set(RunMode.allCases)
        if let tasks = members.require("tasks", "a list of tasks") {
            if case .list = tasks.content {
            } else {
                members.complain(
                    tasks, "`tasks` must be a list of tasks such as `- {id: …, type: …, command: […]}`, not \(tasks.kind)")
            }
        }
        guard let name = members.requiredName("name", "Sources") else { return nil }
        return Stage(name: name, runModes: runModes, tasks: [])
    }

    private func tasks(_ stage: SourceNode, stage place: Int) -> [WrittenTask] {
        guard case .mapping(let entries) = stage.content, let node = entries.first(where: { $0.name == "tasks" })?.value,
            case .list(let items) = node.content
        else { return [] }
        return items.enumerated().compactMap { number, item in
            TaskReader(complaints: complaints).task(item, number: number + 1, stage: place)
        }
    }

    /// A default mode in which there is nothing to do would make every start without a mode fail.
    private func checkRunMode(_ mode: RunMode, of stages: [Stage], tasks: [WrittenTask], _ members: MemberReader) {
        guard complaints.isEmpty else { return }
        let usable = RunMode.allCases.filter { mode in tasks.contains { stages[$0.stage].runModes.contains(mode) } }
        if usable.isEmpty {
            members.complain(members.line, "no stage has a task; a configuration has at least one")
        } else if !usable.contains(mode) {
            let line = members.node("run_mode")?.line ?? members.line
            members.complain(
                line,
                "`run_mode` is \(mode.rawValue.quoted)\(members.has("run_mode") ? "" : " by default"), in which no stage has a task; "
                    + "set it to \(usable.map(\.rawValue).listed(before: "or"))")
        }
    }
}
