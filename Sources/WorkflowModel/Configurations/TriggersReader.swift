/// Reads the `triggers` of a configuration.
struct TriggersReader {
    let complaints: Complaints
    /// Those of the configuration.
    let parameters: [ParameterDefinition]
    /// The id of the configuration; nil when it could not be read.
    let configuration: String?

    /// - Parameter isUsable: whether a run in a mode has any tasks.
    func triggers(_ members: MemberReader, isUsable: (RunMode) -> Bool) -> [WorkflowTrigger] {
        guard let node = members.node(WorkflowMembers.triggers) else { return [] }
        guard case .list(let items) = node.content, !items.isEmpty else {
            let kind = if case .list = node.content { "an empty list" } else { node.kind }
            members.complain(node, "`triggers` must be a list such as `- \(TriggerMembers.mapping.example)`, not \(kind)")
            return []
        }
        guard items.count <= TriggerLimits.count else {
            members.complain(node, "there may be \(TriggerLimits.count) triggers at most, not \(items.count)")
            return []
        }
        var written = WrittenTriggers()
        return items.enumerated().compactMap { place, item in
            let place = "trigger \(place + 1)"
            guard let members = MemberReader(item, TriggerMembers.mapping, place: place, complaints),
                let trigger = trigger(members, isUsable)
            else { return nil }
            if let problem = written.add(trigger, line: item.line) { members.complain(item, problem) }
            return trigger
        }
    }

    private func trigger(_ members: MemberReader, _ isUsable: (RunMode) -> Bool) -> WorkflowTrigger? {
        let event = event(members)
        let runMode = members[TriggerMembers.runMode]
        if let runMode, complaints.isEmpty, !isUsable(runMode) {
            members.complain(
                members.line(of: TriggerMembers.runMode), "`run_mode` is \(runMode.rawValue.quoted), in which no stage has a task")
        }
        let range = members[TriggerMembers.range]
        let settings = TriggerParametersReader(definitions: parameters, members: members).settings(of: event)
        return event.map { WorkflowTrigger($0, runMode: runMode, range: range, parameters: settings) }
    }

    private func event(_ members: MemberReader) -> WorkflowTrigger.Event? {
        checkMembers(members)
        switch (members.has(TriggerMembers.after), members.has(TriggerMembers.webhook)) {
        case (true, false):
            let ends = members[TriggerMembers.on]
            guard let other = members[TriggerMembers.after] else { return nil }
            if let configuration, configuration.isIdentical(to: other) {
                members.complain(
                    members.line(of: TriggerMembers.after),
                    "`after` names the configuration itself, which would start itself again and again; name another one")
            }
            if ends.contains(.any), ends.count > 1 {
                members.complain(
                    members.line(of: TriggerMembers.on), "`on` has `any` beside other ends, which it includes; leave one out")
            }
            return .after(WorkflowTrigger.RunEnding(of: other, on: ends))
        case (false, true):
            let secret = members[TriggerMembers.secret]
            guard let name = members[TriggerMembers.webhook] else { return nil }
            return .webhook(WorkflowTrigger.Webhook(name, secret: secret ?? name))
        case (let hasAfter, _):
            members.complain(
                members.line,
                hasAfter
                    ? "`after` and `webhook` exclude each other; make two triggers of them"
                    : "needs `after` with the id of another workflow, or `webhook` with a name")
            return nil
        }
    }

    private func checkMembers(_ members: MemberReader) {
        let ofRuns: [any DescribedMember] = [TriggerMembers.on, TriggerMembers.range]
        for member in ofRuns where members.has(member) && members.has(TriggerMembers.webhook) {
            members.complain(members.line(of: member), "\(member.name.quoted) needs `after`; a webhook has none")
        }
        if members.has(TriggerMembers.secret), members.has(TriggerMembers.after) {
            members.complain(members.line(of: TriggerMembers.secret), "`secret` needs `webhook`")
        }
    }
}

/// Finds triggers for one event that would start two runs.
private struct WrittenTriggers {
    private var webhooks: [ExactText: Int] = [:]
    private var ends: [ExactText: [(ends: Set<TriggerEnd>, line: Int)]] = [:]

    /// - Returns: the complaint about a trigger.
    mutating func add(_ trigger: WorkflowTrigger, line: Int) -> String? {
        switch trigger.event {
        case .webhook(let webhook):
            if let first = webhooks[webhook.name] {
                return "the webhook \(webhook.name.quoted) is already in line \(first); give each webhook its own name"
            }
            webhooks[webhook.name] = line
        case .after(let ending):
            let others = ends[ending.configuration, default: []]
            ends[ending.configuration, default: []].append((ending.on, line))
            guard let first = others.first(where: { Self.overlap($0.ends, ending.on) }) else { return nil }
            return
                "the trigger in line \(first.line) is for the same ends of \(ending.configuration.quoted), and a run that ends starts one run; "
                + "give them different ends in `on`"
        }
        return nil
    }

    private static func overlap(_ left: Set<TriggerEnd>, _ right: Set<TriggerEnd>) -> Bool {
        left.contains(.any) || right.contains(.any) || !left.isDisjoint(with: right)
    }
}
