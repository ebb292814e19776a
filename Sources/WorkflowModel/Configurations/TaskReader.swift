/// Reads one task of a stage.
struct TaskReader {
    let complaints: Complaints

    private static let names = [
        "id", "label", "type", "needs", "command", "http", "timeout", "retry", "blame", "grace", "uses",
    ]

    func task(_ node: SourceNode, number: Int, stage: Int) -> ConfigurationTreeReader.WrittenTask? {
        guard
            let members = MemberReader(
                node, place: Self.place(of: node, number: number), accepting: Self.names,
                example: "{id: pull, type: shop.pull, command: [python3, pull.py]}", complaints)
        else { return nil }
        let id = members.requiredID()
        let type = members.requiredName("type", "shop.pull")
        let label = members.name("label")
        let needs = needs(members)
        let action = action(members)
        let retry = retry(members)
        let timeout = members.duration("timeout")
        let blame = blame(members, of: action)
        let uses = ResourceUseReader.uses(members)
        let grace = members.duration("grace", allowingZero: true)
        if grace != nil, case .http = action {
            members.complain(members.value("grace")?.line ?? members.line, "`grace` goes with `command`; a call is ended at once")
        }
        guard let id else { return nil }
        // What could not be read has been complained of; the task stands in so that its needs are checked all the same.
        let definition = TaskDefinition(
            id: id, label: label ?? id, type: type ?? "", action: action ?? .command([]), timeout: timeout,
            retry: retry ?? .standard, blame: blame, grace: grace, uses: uses)
        return ConfigurationTreeReader.WrittenTask(definition: definition, needs: needs, line: node.line, stage: stage)
    }

    /// By its id where it has one that can be shown, otherwise by its number in the stage.
    private static func place(of node: SourceNode, number: Int) -> String {
        if case .mapping(let entries) = node.content, let id = entries.first(where: { $0.name == "id" })?.value, !id.isNull,
            case .scalar(let text, _) = id.content, !text.isEmpty
        {
            return "task \(text.quoted)"
        }
        return "task \(number) of its stage"
    }

    private func needs(_ members: MemberReader) -> [(id: String, line: Int)]? {
        guard let node = members.node("needs") else { return nil }
        guard case .list(let items) = node.content else {
            var hint = ""
            if case .scalar(let text, _) = node.content { hint = "; write `needs: [\(text)]`" }
            members.complain(node, "`needs` must be a list of task ids, not \(node.kind)\(hint)")
            return nil
        }
        return items.compactMap { item in members.text(of: item, "needs", "a list of task ids").map { ($0, item.line) } }
    }

    // MARK: What it does

    private func action(_ members: MemberReader) -> TaskAction? {
        switch (members.has("command"), members.has("http")) {
        case (true, true):
            members.complain(members.line, "it has `command` and `http`; a task has one of them")
            return nil
        case (false, false):
            members.complain(
                members.line, "`command` or `http` is missing; a task has one of them, such as `command: [python3, pull.py]`")
            return nil
        case (true, false): return members.node("command").flatMap { command($0, members) }.map(TaskAction.command)
        case (false, true):
            return members.node("http").flatMap { HTTPCallReader(complaints).call($0, members) }.map(TaskAction.http)
        }
    }

    private func command(_ node: SourceNode, _ members: MemberReader) -> [String]? {
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
        let arguments = items.compactMap { argument($0, members) }
        let size = arguments.reduce(0) { $0 + $1.utf8.count + 1 }
        if size > ConfigurationLimits.commandBytes {
            let limit = ConfigurationLimits.commandBytes / 1_024
            members.complain(node, "`command` may be \(limit) KiB long altogether, not \(size) bytes")
        }
        if let program = arguments.first, program.isEmpty {
            members.complain(node, "`command` begins with an empty text; the first item is the program")
        }
        return arguments
    }

    /// Numbers and truths are taken by their text as it was written.
    private func argument(_ item: SourceNode, _ members: MemberReader) -> String? {
        guard !item.isNull else {
            members.complain(item, "an item of `command` has no value; put it in quotes if that text is meant")
            return nil
        }
        guard let text = members.text(of: item, "command", "a list of texts") else { return nil }
        guard !text.utf8.contains(0) else {
            members.complain(item, "an item of `command` has a NUL character in it, which no program can be given")
            return nil
        }
        return text
    }

    /// How a command line is written as a list: by its words where that is safe, through a shell where it uses one's language.
    private static func asList(_ text: String) -> String {
        let needsShell = text.contains { "|&;<>()$`\\\"'*?[]#~=%!{}\n".contains($0) }
        guard !needsShell else { return "[sh, -c, \(JSONValue.string(text).text)]" }
        let words = text.split(whereSeparator: \.isWhitespace).map { word in
            word.contains { ",:".contains($0) } || "-@%".contains(word.prefix(1)) && word.count == 1
                ? JSONValue.string(String(word)).text : String(word)
        }
        return "[\(words.joined(separator: ", "))]"
    }

    // MARK: How it fails

    private func retry(_ members: MemberReader) -> RetryPolicy? {
        let names = ["attempts", "first_delay", "factor", "max_delay", "on"]
        guard let node = members.node("retry"),
            let members = MemberReader(
                node, place: "\(members.place), `retry`", accepting: names, example: "{attempts: 3, first_delay: 5s}", complaints)
        else { return nil }
        let standard = RetryPolicy.standard
        let firstDelay = members.duration("first_delay", allowingZero: true) ?? standard.firstDelay
        let written = members.duration("max_delay", allowingZero: true)
        if let written, written < firstDelay {
            let line = members.node("max_delay")?.line ?? members.line
            members.complain(line, "`max_delay` must not be shorter than `first_delay`")
        }
        return RetryPolicy(
            attempts: members.whole("attempts", in: ConfigurationLimits.attempts) ?? standard.attempts,
            firstDelay: firstDelay,
            factor: members.decimal("factor", in: ConfigurationLimits.retryFactor) ?? standard.factor,
            maxDelay: written ?? max(standard.maxDelay, firstDelay),
            retries: members.choices("on", of: Attribution.self) ?? standard.retries)
    }

    private func blame(_ members: MemberReader, of action: TaskAction?) -> BlameTable {
        guard let node = members.node("blame") else { return BlameTable() }
        guard case .mapping(let entries) = node.content else {
            members.complain(node, "`blame` must be a mapping such as `{65: customer, timeout: platform}`, not \(node.kind)")
            return BlameTable()
        }
        let (codes, called) = if case .http = action { (100...599, "a status") } else { (1...255, "an exit code") }
        var table = BlameTable()
        for entry in entries {
            let value = members.choice(entry.value, "blame", of: Attribution.self)
            if entry.name == "timeout" {
                table.timeout = value
            } else if entry.name.utf8.allSatisfy(\.isDigit), let code = Int(entry.name), codes.contains(code) {
                if table.byCode[code] != nil { members.complain(entry.line, "`blame` names \(code) twice") }
                table.byCode[code] = value
            } else {
                members.complain(
                    entry.line,
                    "`blame` has no place for \(entry.name.quoted); it takes \(called) from \(codes.lowerBound) to \(codes.upperBound), "
                        + "or `timeout`")
            }
        }
        return table
    }
}
