/// Reports expressions in places where they would stay as they are written, such as the name of a workflow.
struct MisplacedExpressions {
    let complaints: Complaints

    /// Places with their own rules, as paths of names; `*` is any name. Items of lists have no name.
    private static let others: [[String]] = [
        ["parameters", "*", ParameterMembers.standard.name], ["parameters", "*", ParameterMembers.about.name],
        [WorkflowMembers.schedule.name, ScheduleMembers.parameters.name],
        [WorkflowMembers.schedules.name, ScheduleMembers.parameters.name],
        [WorkflowMembers.triggers.name, TriggerMembers.parameters.name],
        [WorkflowMembers.defaults.name, TaskMembers.env.name],
        [WorkflowMembers.stages.name, StageMembers.defaults.name, TaskMembers.env.name],
    ]
    private static let ofTasks: [[String]] =
        [
            [TaskMembers.workflow.name, WorkflowCallMembers.parameters.name],
            [TaskMembers.command.name], [TaskMembers.env.name], [TaskMembers.gate.name], [TaskMembers.forEach.name],
            [TaskMembers.http.name, HTTPMembers.url.name], [TaskMembers.http.name, HTTPMembers.headers.name],
            [TaskMembers.http.name, HTTPMembers.json.name], [TaskMembers.http.name, HTTPMembers.body.name],
            [TaskMembers.http.name, HTTPMembers.clientCertificate.name],
        ]
        + [[], [PollMembers.cancel.name]].flatMap { inner in
            [HTTPMembers.url.name, HTTPMembers.headers.name, HTTPMembers.json.name].map { name in
                [TaskMembers.http.name, HTTPMembers.poll.name] + inner + [name]
            }
        }
    private static let places = others + ofTasks.map { [WorkflowMembers.stages.name, StageMembers.tasks.name] + $0 }

    func check(_ root: SourceNode) {
        guard !complaints.areOfAcceptedText else { return }
        check(root, Self.places[...], depth: 0, name: "")
    }

    /// - Parameters:
    ///   - places: those that the path may still lead to.
    ///   - depth: the number of names on the path.
    private func check(_ node: SourceNode, _ places: ArraySlice<[String]>, depth: Int, name: String) {
        switch node.content {
        case .scalar(let text, _):
            guard let found = TemplatePlace.expression(in: text) else { return }
            complaints.add(
                node.line,
                "\(name.quoted) has \(found.quoted), where values are not put in. Accepted: expressions in `command`, `env`, `if`, and in `url`, "
                    + "`headers` and `json` of a call.")
        case .list(let items):
            for item in items { check(item, places, depth: depth, name: name) }
        case .mapping(let entries):
            for entry in entries {
                let below = places.filter { $0.count > depth && ($0[depth] == "*" || $0[depth].isIdentical(to: entry.name)) }
                guard !below.contains(where: { $0.count == depth + 1 }) else { continue }
                check(entry.value, below[...], depth: depth + 1, name: entry.name)
            }
        }
    }
}
