/// Reads one task of a stage.
struct TaskReader {
    let complaints: Complaints
    /// Those of its stage and its configuration.
    var defaults = TaskDefaults()

    func task(_ node: SourceNode, number: Int, stage: Int) -> ConfigurationTreeReader.WrittenTask? {
        let place = Self.place(of: node, number: number)
        guard let members = MemberReader(node, TaskMembers.mapping, place: place, complaints) else { return nil }
        let id = members[TaskMembers.id]
        let type = members[TaskMembers.type]
        let label = members[TaskMembers.label]
        let when = members[TaskMembers.when]
        let gate = members[TaskMembers.gate]
        let needs = needs(members)
        let forEach = ForEachReader(members: members).forEach()
        let (action, texts) = self.action(members) ?? (nil, [])
        let blame = blame(members, of: action)
        let (variables, expressions) = EnvironmentReader(members: members).variables()
        let own = TaskDefaults(
            timeout: members[TaskMembers.timeout], retry: RetryReader.policy(members), grace: members[TaskMembers.grace],
            env: variables, uses: ResourceUseReader.uses(members))
        let merged = merged(own, action, members)
        guard let id else { return nil }
        // Parts that could not be read have been reported. The task keeps its place, so that its needs are still checked.
        let definition = TaskDefinition(
            id: id, label: label ?? id, type: type ?? "", when: when, gate: gate, forEach: forEach, action: action ?? .command([]),
            env: merged.env,
            timeout: merged.timeout, retry: merged.retry ?? .standard, blame: blame, grace: merged.grace, uses: merged.uses)
        return ConfigurationTreeReader.WrittenTask(
            definition: definition, needs: needs, line: node.line, needsLine: members.line(of: TaskMembers.needs), stage: stage,
            expressions: texts + expressions, gateLine: members.line(of: TaskMembers.gate),
            listLine: members.line(of: TaskMembers.forEach))
    }

    /// The members of the task, and the defaults where it has none. Those that only commands have are left out of a call.
    private func merged(_ own: TaskDefaults, _ action: TaskAction?, _ members: MemberReader) -> TaskDefaults {
        var merged = defaults.merging(own)
        if let type = action?.executionType, type != .command {
            let work = type == .http ? "an HTTP call" : "a call of a workflow"
            if own.grace != nil {
                members.complain(members.line(of: TaskMembers.grace), "`grace` needs `command`; \(work) has no grace period")
            }
            if members.has(TaskMembers.env) {
                members.complain(members.line(of: TaskMembers.env), "`env` needs `command`; \(work) has no environment")
            }
            (merged.grace, merged.env) = (nil, [])
        }
        if case .job = action { merged.timeout = merged.timeout ?? ConfigurationLimits.standardPollTimeout }
        guard !complaints.areOfAcceptedText else { return merged }
        if merged.uses.count > ConfigurationLimits.resourcesUsed, own.uses.count <= ConfigurationLimits.resourcesUsed {
            members.complain(
                members.line,
                "`uses` may name \(ConfigurationLimits.resourcesUsed) resources at most, not \(merged.uses.count) with those of `defaults`"
            )
        }
        if !defaults.env.isEmpty { EnvironmentReader.check(merged.env, members.line, members) }
        return merged
    }

    /// The id, if it has one that can be shown; otherwise its number in the stage.
    private static func place(of node: SourceNode, number: Int) -> String {
        if case .mapping(let entries) = node.content, let id = entries.first(where: { $0.name == TaskMembers.id.name })?.value,
            !id.isNull,
            case .scalar(let text, _) = id.content, !text.isEmpty
        {
            return "task \(text.quoted)"
        }
        return "task \(number) of its stage"
    }

    private func needs(_ members: MemberReader) -> [(id: String, line: Int)]? {
        guard let node = members.node(TaskMembers.needs) else { return nil }
        guard case .list(let items) = node.content else {
            var hint = ""
            if case .scalar(let text, _) = node.content { hint = "; write `needs: [\(text)]`" }
            members.complain(node, "`needs` must be a list of task ids, not \(node.kind)\(hint)")
            return nil
        }
        return items.compactMap { item in members.text(of: item, "needs", "a list of task ids").map { ($0, item.line) } }
    }

    // MARK: Action

    private func action(_ members: MemberReader) -> (TaskAction?, [WrittenExpression])? {
        let all: [any DescribedMember] = [TaskMembers.command, TaskMembers.http, TaskMembers.workflow]
        let written = all.filter { members.value(named: $0.name) != nil }
        guard written.count == 1 else {
            members.complain(
                members.line,
                written.isEmpty
                    ? "`command`, `http` or `workflow` is missing; a task has one of them, such as `command: [python3, pull.py]`"
                    : "\(written.map(\.name).listed(before: "and")) exclude each other; a task has one of them")
            return nil
        }
        if members.has(TaskMembers.command) { return members.node(TaskMembers.command).flatMap { command($0, members) } }
        if members.has(TaskMembers.http) {
            return members.node(TaskMembers.http).flatMap { HTTPCallReader(complaints).call($0, members) }
        }
        return members.node(TaskMembers.workflow).flatMap { WorkflowCallReader(complaints: complaints).call($0, members) }
    }

    private func command(_ node: SourceNode, _ members: MemberReader) -> (TaskAction?, [WrittenExpression])? {
        guard case .list(let items) = node.content, !items.isEmpty else {
            let form = "a list of a program and its arguments"
            if case .scalar(let text, _) = node.content, text.contains(where: { !$0.isWhitespace }) {
                members.complain(
                    node, "`command` must be \(form), because no shell reads it; write `command: \(Self.asList(text))`")
            } else {
                let kind = if case .list = node.content { "an empty list" } else { node.kind }
                members.complain(node, "`command` must be \(form) such as `[python3, pull.py]`, not \(kind)")
            }
            return nil
        }
        guard items.count <= ConfigurationLimits.commandItems else {
            members.complain(node, "`command` may have \(ConfigurationLimits.commandItems) items at most, not \(items.count)")
            return nil
        }
        let read = items.compactMap { item in argument(item, members).map { (text: $0, line: item.line) } }
        let arguments = read.map(\.text)
        let size = arguments.reduce(0) { $0 + $1.utf8.count + 1 }
        if size > ConfigurationLimits.commandBytes {
            let limit = ConfigurationLimits.commandBytes / 1_024
            members.complain(node, "`command` may have \(limit) KiB in total, not \(size) bytes")
        }
        if let program = arguments.first, program.isEmpty {
            members.complain(node, "the first item of `command` is empty; it must be the program")
        }
        let expressions = zip(read, CommandPlaces.places(of: arguments)).map { item, place in
            WrittenExpression(item.text, in: place, place: "an item of `command`", line: item.line, members)
        }
        return (.command(arguments), expressions)
    }

    /// Numbers and booleans keep their text as written.
    private func argument(_ item: SourceNode, _ members: MemberReader) -> String? {
        guard !item.isNull else {
            members.complain(item, "an item of `command` has no value; write `null` or `~` in quotes if you mean that text")
            return nil
        }
        guard let text = members.text(of: item, "command", "a list of texts") else { return nil }
        guard !text.utf8.contains(0) else {
            members.complain(item, "an item of `command` contains a NUL character, which arguments cannot have")
            return nil
        }
        return text
    }

    /// A command line as a list: its words where that is safe, or through a shell where it uses shell syntax.
    private static func asList(_ text: String) -> String {
        let needsShell = text.contains { "|&;<>()$`\\\"'*?[]#~=%!{}\n".contains($0) }
        guard !needsShell else { return "[sh, -c, \(JSONValue.string(text).text)]" }
        let words = text.split(whereSeparator: \.isWhitespace).map { word in
            word.contains { ",:".contains($0) } || "-@%".contains(word.prefix(1)) && word.count == 1
                ? JSONValue.string(String(word)).text : String(word)
        }
        return "[\(words.joined(separator: ", "))]"
    }

    // MARK: Failures

    private func blame(_ members: MemberReader, of action: TaskAction?) -> BlameTable {
        guard let node = members.node(TaskMembers.blame) else { return BlameTable() }
        guard case .mapping(let entries) = node.content else {
            members.complain(node, "`blame` must be a mapping such as `{65: customer, timeout: platform}`, not \(node.kind)")
            return BlameTable()
        }
        let isCall = action?.executionType == .workflow
        let (codes, called) =
            if action?.executionType == .http { (HTTPMembers.statuses, "a status") } else { (1...255, "an exit code") }
        var table = BlameTable()
        for entry in entries {
            let value = members.choice(entry.value, "blame", of: Attribution.self)
            if entry.name == "timeout" {
                table.timeout = value
            } else if isCall {
                members.complain(
                    entry.line,
                    "`blame` does not accept \(entry.name.quoted) with `workflow`, whose failures have the attribution of the run; "
                        + "accepted is `timeout`"
                )
            } else if entry.name.utf8.allSatisfy(\.isDigit), let code = Int(entry.name), codes.contains(code) {
                if table.byCode[code] != nil { members.complain(entry.line, "`blame` names \(code) twice") }
                table.byCode[code] = value
            } else {
                members.complain(
                    entry.line,
                    "`blame` does not accept \(entry.name.quoted); accepted are \(called) from \(codes.lowerBound) to \(codes.upperBound), "
                        + "or `timeout`")
            }
        }
        return table
    }
}
