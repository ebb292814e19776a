/// Values for tasks that do not have their own.
struct TaskDefaults {
    var timeout: Duration?
    var retry: RetryPolicy?
    var grace: Duration?
    var env: [EnvironmentVariable] = []
    var uses: [String: Int] = [:]

    /// These defaults, where the others are silent.
    func merging(_ nearer: TaskDefaults) -> TaskDefaults {
        TaskDefaults(
            timeout: nearer.timeout ?? timeout, retry: nearer.retry ?? retry, grace: nearer.grace ?? grace,
            env: Self.merge(env, nearer.env), uses: uses.merging(nearer.uses) { $1 })
    }

    /// Variables of the nearer place replace others of the same name, where these stand.
    static func merge(_ farther: [EnvironmentVariable], _ nearer: [EnvironmentVariable]) -> [EnvironmentVariable] {
        guard !farther.isEmpty else { return nearer }
        let replacing = Dictionary(nearer.map { (ExactText($0.name), $0) }, uniquingKeysWith: { first, _ in first })
        let kept = farther.map { replacing[$0.name] ?? $0 }
        let known = Set(farther.map { ExactText($0.name) })
        return kept + nearer.filter { !known.contains(ExactText($0.name)) }
    }
}

/// Reads the `defaults` of a configuration or a stage.
struct DefaultsReader {
    let complaints: Complaints
    let parameters: [ParameterDefinition]

    func defaults(_ owner: MemberReader, _ member: Member<SourceNode>) -> TaskDefaults {
        let place = "\(owner.place), `defaults`"
        guard let node = owner.node(member),
            let members = MemberReader(node, DefaultsMembers.mapping, place: place, complaints)
        else { return TaskDefaults() }
        let (variables, expressions) = EnvironmentReader(members: members).variables()
        check(expressions, members)
        return TaskDefaults(
            timeout: members[TaskMembers.timeout], retry: RetryReader.policy(members), grace: members[TaskMembers.grace],
            env: variables, uses: ResourceUseReader.uses(members))
    }

    /// Not every task needs the same tasks, so that defaults name no outputs.
    private func check(_ expressions: [WrittenExpression], _ members: MemberReader) {
        let check = ReferenceCheck(parameters: parameters)
        for expression in expressions {
            for reference in expression.references {
                let problem = check.problem(with: reference) { _ in
                    "but defaults can only name `parameters`, `run` and `secrets`; set the variable in `env` of the task"
                }
                guard let problem else { continue }
                members.complain(expression.line, "\(expression.place) names \(reference.quoted), \(problem)")
            }
        }
    }
}

/// Reads the `retry` of a task, or of defaults.
enum RetryReader {
    /// - Returns: nil where there is none, or it cannot be read.
    static func policy(_ owner: MemberReader) -> RetryPolicy? {
        guard let node = owner.node(TaskMembers.retry),
            let members = MemberReader(node, RetryMembers.mapping, place: "\(owner.place), `retry`", owner.complaints)
        else { return nil }
        let firstDelay = members[RetryMembers.firstDelay]
        let written = members[RetryMembers.maxDelay]
        if let written, written < firstDelay {
            members.complain(members.line(of: RetryMembers.maxDelay), "`max_delay` must not be shorter than `first_delay`")
        }
        return RetryPolicy(
            attempts: members[RetryMembers.attempts], firstDelay: firstDelay, factor: members[RetryMembers.factor],
            maxDelay: written ?? max(RetryPolicy.standard.maxDelay, firstDelay), retries: members[RetryMembers.on])
    }
}
