import WorkflowAPI
import WorkflowModel

/// Runs, tasks and configurations as people see them.
enum RunTables {
    static func runs(_ runs: [WorkflowRun], width: Int?) -> TextTable {
        TextTable(
            [
                .init(title: "id"), .init(title: "name", isFlexible: true), .init(title: "type", isFlexible: true),
                .init(title: "state"), .init(title: "created"), .init(title: "took", alignment: .right),
                .init(title: "by", isFlexible: true),
            ],
            rows: runs.map { run in
                [
                    run.id.rawValue, run.name, run.type, HumanText.state(run.state.state, run.error), HumanText.time(run.createdAt),
                    HumanText.duration(run.endedAt.map { $0 - run.createdAt }), run.principal.name,
                ]
            }, width: width)
    }

    static func facts(of details: WorkflowRunDetails) -> String {
        let run = details.run
        var facts = [
            ("Run", run.id.rawValue), ("Name", run.name), ("Type", run.type), ("State", run.state.state.label),
            ("Tenant", run.tenant.name), ("Created", HumanText.time(run.createdAt)),
        ]
        if let endedAt = run.endedAt {
            facts.append(("Ended", "\(HumanText.time(endedAt)) (took \(HumanText.duration(endedAt - run.createdAt)))"))
        }
        facts.append(("By", principal(run.principal)))
        if let launched = details.launchedVersion {
            let isCurrent = details.currentVersion == launched
            let current = details.currentVersion.map { isCurrent ? " (current)" : " (current: \($0.rawValue))" } ?? ""
            facts.append(("Version", launched.rawValue + current))
        }
        if let instant = details.scheduledFor { facts.append(("Scheduled for", HumanText.time(instant))) }
        if let old = details.rerunOf { facts.append(("Does over", old.rawValue)) }
        if let warnAfter = details.warnAfter { facts.append(("Warns after", HumanText.duration(warnAfter))) }
        if let error = run.error {
            facts.append(("Fault", "\(error.attribution.rawValue): \(error.message)"))
            facts.append(("", error.type))
        }
        return TextTable.facts(facts)
    }

    static func tasks(of details: WorkflowRunDetails, attempts: [TaskAttemptRecord], width: Int?) -> TextTable {
        let byTask = Dictionary(grouping: attempts, by: \.task)
        return TextTable(
            [
                .init(title: "task"), .init(title: "label", isFlexible: true), .init(title: "state"),
                .init(title: "attempts", alignment: .right), .init(title: "took", alignment: .right),
                .init(title: "fault", isFlexible: true),
            ],
            rows: details.tasks.map { task in
                let own = byTask[task.id] ?? []
                let began = own.map(\.startedAt).min()
                return [
                    task.definitionID, task.label,
                    HumanText.state(task.state.state, task.error) + (task.keptFrom == nil ? "" : " (kept)"),
                    own.isEmpty ? HumanText.nothing : String(own.count),
                    HumanText.duration(began.flatMap { began in task.endedAt.map { $0 - began } }), fault(task.error),
                ]
            }, width: width)
    }

    /// The attempts at tasks that were tried more than once; nil when there are none.
    static func retries(of details: WorkflowRunDetails, attempts: [TaskAttemptRecord], width: Int?) -> TextTable? {
        let byTask = Dictionary(grouping: attempts, by: \.task)
        let retried = details.tasks.filter { (byTask[$0.id]?.count ?? 0) > 1 }
        guard !retried.isEmpty else { return nil }
        let rows = retried.flatMap { task in
            (byTask[task.id] ?? []).map { attempt in
                [
                    task.definitionID, String(attempt.number), HumanText.time(attempt.startedAt),
                    HumanText.duration(attempt.endedAt.map { $0 - attempt.startedAt }),
                    attempt.outcome.map { HumanText.state($0.state, attempt.error) } ?? "Going on", fault(attempt.error),
                ]
            }
        }
        return TextTable(
            [
                .init(title: "task"), .init(title: "attempt", alignment: .right), .init(title: "started"),
                .init(title: "took", alignment: .right), .init(title: "ended as"), .init(title: "fault", isFlexible: true),
            ], rows: rows, width: width)
    }

    static func configurations(_ configurations: [ConfigurationAnswer], width: Int?) -> TextTable {
        TextTable(
            [
                .init(title: "id"), .init(title: "name", isFlexible: true), .init(title: "type", isFlexible: true),
                .init(title: "version"), .init(title: "number", alignment: .right), .init(title: "stored"),
                .init(title: "by", isFlexible: true), .init(title: "succeeded", alignment: .right),
                .init(title: "p50", alignment: .right), .init(title: "p95", alignment: .right),
            ],
            rows: configurations.map {
                [
                    $0.id, $0.name, $0.type, $0.version.rawValue, String($0.number), HumanText.time($0.createdAt),
                    $0.createdBy.name, $0.record.map { "\($0.succeeded) of \($0.ended)" } ?? HumanText.nothing,
                    HumanText.duration($0.record?.median), HumanText.duration($0.record?.percentile95),
                ]
            }, width: width)
    }

    private static func fault(_ error: RunError?) -> String {
        error.map { "\($0.attribution.rawValue): \($0.message)" } ?? HumanText.nothing
    }

    private static func principal(_ principal: Principal) -> String {
        var text = principal.name
        if let email = principal.email { text += " <\(email)>" }
        return principal.id == principal.name ? text : "\(text) (\(principal.id))"
    }
}
