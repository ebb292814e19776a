import WorkflowAPI
import WorkflowModel

/// Tables of runs, tasks and configurations.
enum RunTables {
    /// At 80 columns, the run, its workflow, its state and the time or duration that the list is sorted by stay; those say what ran,
    /// what failed and whose fault it was. Labels go first, as the widest and the least often asked for. The error of a failed run is in
    /// the line below it, because no terminal has room for it beside the rest; without a width, it is the last column.
    static func runs(_ runs: [WorkflowRun], sortedBy key: RunSortKey = .created, width: Int?) -> TextTable {
        var columns: [TextTable.Column] = [
            .init(title: "id"), .init(title: "workflow", fit: .shortened), .init(title: "name", fit: .shortened, leaves: 4),
            .init(title: "type", fit: .shortened, leaves: 5), .init(title: "state"),
            .init(title: "started", leaves: key == .created ? nil : 2),
            .init(title: "duration", alignment: .right, leaves: key == .runtime ? nil : 1), .init(title: "details", leaves: 3),
            .init(title: "by", fit: .shortened, leaves: 6), .init(title: "labels", fit: .shortened, leaves: 7),
        ]
        var rows = runs.map { run in
            [
                run.id.rawValue, run.origin.configuration ?? run.name, run.name, run.type,
                HumanText.state(of: run), HumanText.time(run.createdAt), HumanText.duration(run.runtime),
                note(run), run.principal.name, HumanText.labels(run.origin.labels),
            ]
        }
        if key == .ended {
            columns.insert(.init(title: "ended"), at: 6)
            for index in rows.indices { rows[index].insert(HumanText.time(runs[index].endedAt), at: 6) }
        }
        let errors = runs.map(error)
        guard width == nil else {
            var table = TextTable(columns, rows: rows, width: width)
            for (place, error) in errors.enumerated() { table.notes[place] = error }
            return table
        }
        columns.append(.init(title: "error"))
        for index in rows.indices { rows[index].append(errors[index]?.cut(toDisplayWidth: longestError) ?? HumanText.nothing) }
        return TextTable(columns, rows: rows, width: width)
    }

    /// Cells of an error in a file or a pipe. `weir show` has the whole error.
    private static let longestError = 200

    /// The type and the first line of the message of a failed run's error; its attribution stands beside the state.
    private static func error(of run: WorkflowRun) -> String? {
        guard let error = run.error, !error.isManualStop else { return nil }
        let line = error.message.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        return line.isEmpty ? error.type : "\(error.type): \(line)"
    }

    /// Remarkable facts about the way a run went, which most runs lack.
    private static func note(_ run: WorkflowRun) -> String {
        var words: [String] = []
        if run.attempts > 1 { words.append("\(run.attempts) attempts") }
        // Beside the state of other runs.
        if run.warnings > 0, run.state == .failed { words.append(HumanText.warnings(run.warnings)) }
        if run.origin.rerunOf != nil { words.append("rerun") }
        return words.isEmpty ? HumanText.nothing : words.joined(separator: ", ")
    }

    static func facts(of details: WorkflowRunDetails, width: Int? = nil) -> String {
        let run = details.run
        var facts = [
            ("Run", run.id.rawValue), ("Workflow", run.origin.configuration.map { "\(run.name) (\($0))" } ?? run.name),
            ("Type", run.type), ("State", run.state.state.label), ("Tenant", run.tenant.name),
        ]
        if !run.origin.labels.isEmpty { facts.append(("Labels", HumanText.labels(run.origin.labels))) }
        facts.append(("Started", HumanText.time(run.createdAt)))
        if let endedAt = run.endedAt {
            facts.append(("Ended", HumanText.time(endedAt)))
            facts.append(("Duration", HumanText.duration(run.runtime)))
        }
        if run.attempts > 1 { facts.append(("Attempts", "\(run.attempts) (the most of one task)")) }
        if run.warnings > 0 { facts.append(("Warnings", HumanText.count(run.warnings))) }
        facts.append(("By", HumanText.principal(run.principal)))
        if let launched = details.launchedVersion {
            let isCurrent = details.currentVersion == launched
            let current = details.currentVersion.map { isCurrent ? " (current)" : " (current: \($0.rawValue))" } ?? ""
            facts.append(("Version", launched.rawValue + current))
        }
        if let code = details.code {
            facts.append(("Code", code.words + (details.codeChange.map { " (changed since: \($0.new.words))" } ?? "")))
        }
        facts += request(run.origin)
        if let warnAfter = details.warnAfter { facts.append(("Warns after", HumanText.duration(warnAfter))) }
        if let stopped = stopped(details) { facts.append(("Stopped", stopped)) }
        if let caller = details.calledBy { facts.append(("Called by", "the task \(caller.task) of \(caller.run)")) }
        for task in details.tasks where task.executionType == ExecutionType.workflow.rawValue {
            if let id = task.engineRunID { facts.append(("Called run", "\(id) (\(HumanText.printable(task.definitionID)))")) }
        }
        if let end = details.closingUntil { facts.append(("Closing tasks", "may run until \(HumanText.time(end))")) }
        if let error = run.error, !error.isManualStop {
            facts.append(("Error", HumanText.fault(error)))
            facts.append(("", error.type))
        }
        for (index, firing) in details.firings.enumerated() {
            let workflow = HumanText.printable(firing.configuration)
            let note = firing.note.map { ". " + HumanText.printable($0) } ?? ""
            let words = firing.run.map { "\($0) of \(workflow)" } ?? "nothing of \(workflow): \(firing.outcome.rawValue)\(note)"
            facts.append((index == 0 ? "Triggered" : "", words))
        }
        return TextTable.facts(facts, width: width)
    }

    /// Why the run was started, and for which data.
    private static func request(_ origin: RunOrigin) -> [(String, String)] {
        var facts: [(String, String)] = []
        if let mode = origin.runMode { facts.append(("Run mode", mode.rawValue)) }
        for (name, value) in origin.parameters {
            facts.append(("Parameter \(name)", HumanText.printable(value.plainText)))
        }
        if let range = origin.range {
            facts.append(("Range", "\(HumanText.time(range.from)) to \(HumanText.time(range.to)), end not included"))
        }
        if let schedule = origin.schedule { facts.append(("Schedule", schedule)) }
        if let instant = origin.scheduledFor { facts.append(("Scheduled for", HumanText.time(instant))) }
        if let old = origin.rerunOf { facts.append(("Rerun of", old.rawValue)) }
        if let trigger = origin.trigger { facts.append(("Triggered by", HumanText.printable(trigger.words))) }
        return facts
    }

    /// A task that was stopped while it ran has what was sent, and when nothing was left of it, in the line below it.
    /// - Parameter closing: whether the closing tasks are shown, or the others.
    /// - Returns: nil without such tasks.
    static func tasks(
        of details: WorkflowRunDetails, closing: Bool, attempts: [TaskAttemptRecord], width: Int?
    ) -> TextTable? {
        let tasks = details.tasks.filter { $0.when.isClosing == closing }.flatMap { [$0] + failedItems(of: $0, in: details) }
        guard !tasks.isEmpty else { return nil }
        let byTask = Dictionary(grouping: attempts, by: \.task)
        var table = TextTable(
            [
                .init(title: closing ? "closing task" : "task", fit: .shortened),
                .init(title: "label", fit: .shortened, leaves: 2), .init(title: "state"),
                .init(title: "attempts", alignment: .right, leaves: 3), .init(title: "duration", alignment: .right, leaves: 1),
                .init(title: "error", fit: .wrapped),
            ],
            rows: tasks.map { task in
                let own = byTask[task.id] ?? []
                let began = own.map(\.startedAt).min()
                return [
                    task.shortName, task.label,
                    HumanText.state(of: task) + (task.keptFrom == nil ? "" : " (kept)"),
                    own.isEmpty ? HumanText.nothing : String(own.count),
                    HumanText.duration(began.flatMap { began in task.endedAt.map { $0 - began } }), fault(task.error),
                ]
            }, width: width)
        for (place, task) in tasks.enumerated() {
            table.notes[place] = byTask[task.id]?.last?.ending.map(HumanText.ending)
        }
        return table
    }

    /// The first failed items of a task that runs once for each of several items.
    private static func failedItems(of task: TaskInstance, in details: WorkflowRunDetails) -> [TaskInstance] {
        guard task.fan != nil else { return [] }
        return Array(details.items.lazy.filter { $0.state == .failed && $0.id.asItem?.group == task.id }.prefix(mostFailedItems))
    }

    /// Failed items of a task that are shown at most.
    static let mostFailedItems = 10

    /// The warnings of all tasks; nil without warnings.
    static func warnings(of details: WorkflowRunDetails, width: Int?) -> TextTable? {
        let rows = (details.tasks + details.items).flatMap { task in
            task.warnings.texts.flatMap { lines($0, after: [task.shortName]) }
        }
        guard !rows.isEmpty else { return nil }
        return TextTable(
            [.init(title: "task", fit: .shortened), .init(title: "warning", fit: .wrapped)], rows: rows, width: width)
    }

    static func notes(of details: WorkflowRunDetails, width: Int?) -> TextTable {
        TextTable(
            [.init(title: "written", leaves: 1), .init(title: "by", fit: .shortened), .init(title: "note", fit: .wrapped)],
            rows: details.notes.flatMap { lines($0.text, after: [HumanText.time($0.writtenAt), $0.writtenBy.name]) }, width: width)
    }

    static func subscriptions(_ subscriptions: RunSubscriptions, width: Int?) -> TextTable {
        TextTable(
            [.init(title: "receiver"), .init(title: "asked for", leaves: 1), .init(title: "by", fit: .shortened)],
            rows: subscriptions.list.map { [$0.receiver, HumanText.time($0.requestedAt), $0.requestedBy.name] }, width: width)
    }

    /// A row for each line of a text; the first one begins with the other cells.
    private static func lines(_ text: String, after cells: [String]) -> [[String]] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated().map { place, line in
            (place == 0 ? cells : cells.map { _ in "" }) + [String(line)]
        }
    }

    /// The attempts of tasks with more than one attempt; nil without such tasks.
    static func retries(of details: WorkflowRunDetails, attempts: [TaskAttemptRecord], width: Int?) -> TextTable? {
        let byTask = Dictionary(grouping: attempts, by: \.task)
        let retried = (details.tasks + details.items).filter { (byTask[$0.id]?.count ?? 0) > 1 }
        guard !retried.isEmpty else { return nil }
        let rows = retried.flatMap { task in
            (byTask[task.id] ?? []).map { attempt in
                [
                    task.shortName, String(attempt.number), HumanText.time(attempt.startedAt),
                    HumanText.duration(attempt.endedAt.map { $0 - attempt.startedAt }),
                    attempt.outcome.map { HumanText.state($0.state, attempt.error) } ?? "Running", fault(attempt.error),
                ]
            }
        }
        return TextTable(
            [
                .init(title: "task", fit: .shortened), .init(title: "attempt", alignment: .right),
                .init(title: "started", leaves: 2), .init(title: "duration", alignment: .right, leaves: 1), .init(title: "state"),
                .init(title: "error", fit: .wrapped),
            ], rows: rows, width: width)
    }

    /// A paused workflow has its pause in the line below it; without a width, it is the last column.
    static func configurations(_ configurations: [ConfigurationAnswer], width: Int?) -> TextTable {
        var columns: [TextTable.Column] = [
            .init(title: "id", fit: .shortened), .init(title: "name", fit: .shortened),
            .init(title: "type", fit: .shortened, leaves: 5), .init(title: "version", leaves: 4),
            .init(title: "number", alignment: .right, leaves: 7), .init(title: "stored", leaves: 3),
            .init(title: "by", fit: .shortened, leaves: 6), .init(title: "succeeded", alignment: .right),
            .init(title: "p50", alignment: .right, leaves: 1), .init(title: "p95", alignment: .right, leaves: 2),
            .init(title: "labels", fit: .shortened, leaves: 8),
        ]
        var rows = configurations.map {
            [
                $0.id, $0.name, $0.type, $0.version.rawValue, String($0.number), HumanText.time($0.createdAt),
                $0.createdBy.name, $0.record.map { "\($0.succeeded) of \($0.ended)" } ?? HumanText.nothing,
                HumanText.duration($0.record?.median), HumanText.duration($0.record?.percentile95),
                HumanText.labels($0.labels),
            ]
        }
        let pauses = configurations.map { $0.pause.map(HumanText.pause) }
        if width == nil {
            columns.append(.init(title: "pause"))
            for index in rows.indices { rows[index].append(pauses[index] ?? HumanText.nothing) }
        }
        var table = TextTable(columns, rows: rows, width: width)
        if width != nil { for (place, pause) in pauses.enumerated() { table.notes[place] = pause } }
        return table
    }

    /// The time of the stop request, and the requester if known; nil for a run that was not stopped.
    private static func stopped(_ details: WorkflowRunDetails) -> String? {
        if let stop = details.stop {
            let reason = stop.reason.map { ": " + HumanText.printable($0) } ?? ""
            return "at \(HumanText.time(stop.requestedAt)) by \(HumanText.principal(stop.requestedBy))\(reason)"
        }
        return details.run.state == .canceled ? "at \(HumanText.time(details.run.endedAt))" : nil
    }

    /// Configurations that were just stored.
    static func stored(_ configurations: [ConfigurationAnswer], width: Int?) -> TextTable {
        TextTable(
            [
                .init(title: "id", fit: .shortened), .init(title: "name", fit: .shortened),
                .init(title: "type", fit: .shortened, leaves: 2), .init(title: "version"),
                .init(title: "number", alignment: .right), .init(title: "stored", leaves: 1),
                .init(title: "labels", fit: .shortened, leaves: 3),
            ],
            rows: configurations.map {
                [
                    $0.id, $0.name, $0.type, $0.version.rawValue, String($0.number), HumanText.time($0.createdAt),
                    HumanText.labels($0.labels),
                ]
            }, width: width)
    }

    /// A stop is not shown as an error.
    private static func fault(_ error: RunError?) -> String {
        error.flatMap { $0.isManualStop ? nil : HumanText.fault($0) } ?? HumanText.nothing
    }
}
