/// Reads the `workflow` member of a task.
struct WorkflowCallReader {
    let complaints: Complaints

    func call(_ node: SourceNode, _ task: MemberReader) -> (TaskAction?, [WrittenExpression])? {
        guard let members = MemberReader(node, WorkflowCallMembers.mapping, place: "\(task.place), `workflow`", complaints) else {
            return nil
        }
        let configuration = members[WorkflowCallMembers.config]
        let runMode = members[WorkflowCallMembers.runMode]
        let (parameters, expressions) = parameters(members)
        guard let configuration else { return nil }
        return (.workflow(WorkflowCall(configuration: configuration, runMode: runMode, parameters: parameters)), expressions)
    }

    private func parameters(_ members: MemberReader) -> (JSONText, [WrittenExpression]) {
        let none = JSONText(validated: "{}")
        guard let node = members.node(WorkflowCallMembers.parameters) else { return (none, []) }
        guard case .mapping(let entries) = node.content, entries.count <= ParameterLimits.count else {
            let example = WorkflowCallMembers.parameters.description.example
            members.complain(
                node,
                "`parameters` must be a mapping of \(ParameterLimits.count) values at most, such as `\(example)`, not \(node.kind)")
            return (none, [])
        }
        var found: [WrittenExpression] = []
        for entry in entries {
            if !RunParameters.isName(entry.name) {
                members.complain(
                    entry.line, "\(entry.name.quoted) is not a name of a parameter; accepted are \(RunParameters.acceptedNames)")
            }
            collect(entry.value, &found, members)
        }
        return (node.json, found)
    }

    private func collect(_ node: SourceNode, _ found: inout [WrittenExpression], _ members: MemberReader) {
        switch node.content {
        case .scalar(let text, _):
            found.append(WrittenExpression(text, in: .parameter, place: "`parameters`", line: node.line, members))
        case .list(let items):
            for item in items { collect(item, &found, members) }
        case .mapping(let entries):
            for entry in entries {
                if let expression = TemplatePlace.expression(in: entry.name) {
                    members.complain(
                        entry.line,
                        "`parameters` has \(expression.quoted) in the name of a member; only values can hold expressions")
                }
                collect(entry.value, &found, members)
            }
        }
    }
}
