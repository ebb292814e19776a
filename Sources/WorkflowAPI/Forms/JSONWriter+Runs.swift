public import NIOCore
public import WorkflowModel

/// Runs on the wire. Members stand in the order of the contract, and those that Weir adds behind them; unknown ones are left out, never
/// null.
extension JSONWriter {
    /// A run in a list.
    /// - Parameters:
    ///   - stop: only in exports.
    ///   - notes: only in exports.
    public mutating func run(_ run: WorkflowRun, stop: RunStop? = nil, notes: [RunNote] = []) {
        object { json in
            json.members(of: run)
            json.addedMembers(of: run)
            json.member("stop", stop)
            json.notes(notes)
        }
    }

    /// One run in the view `overview`.
    public mutating func overview(of run: WorkflowRun) {
        object { json in
            json.member("created_at", run.createdAt)
            json.member("ended_at", run.endedAt)
            json.member("id", run.id.rawValue)
            json.member("name", run.name)
            json.member("state", run.state.rawValue)
            json.member("tenant", run.tenant.name)
            json.member("type", run.type)
        }
    }

    /// One run in the view `verbose`.
    public mutating func verbose(_ details: WorkflowRunDetails) {
        object { json in
            json.members(of: details.run)
            json.member("launched_version", details.launchedVersion?.rawValue)
            json.member("current_version", details.currentVersion?.rawValue)
            json.member("code", details.code)
            json.member("current_code", details.currentCode)
            json.member("warn_after_ms", details.warnAfter)
            json.name("task_instances")
            json.array(of: details.tasks + details.items) { json, task in json.task(task) }
            json.addedMembers(of: details.run)
            json.member("stop", details.stop)
            json.member("closing_until", details.closingUntil)
            json.member("called_by", details.calledBy)
            if !details.firings.isEmpty {
                json.name("firings")
                json.array(of: details.firings) { json, firing in json.firing(firing) }
            }
            json.resolutions(details.resolutions)
            json.notes(details.notes)
        }
    }

    public mutating func task(_ task: TaskInstance) {
        object { json in
            json.member("id", task.id.rawValue)
            json.member("task_instance_id", task.id.rawValue)
            json.member("workflow_id", task.run.rawValue)
            json.member("tenant", task.tenant.name)
            json.member("label", task.label)
            json.member("state", task.state.rawValue)
            json.member("state_changed_at", task.stateChangedAt)
            json.member("created_at", task.createdAt)
            json.member("ended_at", task.endedAt)
            json.member("execution_type", task.executionType)
            json.member("run_id", task.engineRunID)
            json.member("task_definition_id", task.definitionID)
            json.member("task_definition_type", task.definitionType)
            json.member("timeout_ms", task.timeout)
            json.member("error", task.error)
            json.member("kept_from", task.keptFrom?.rawValue)
            json.member("skip_reason", task.skipReason?.rawValue)
            if task.when != .success { json.member("when", task.when.rawValue) }
            json.member("resolution", task.resolution?.rawValue)
            if !task.warnings.isEmpty {
                json.name("warnings")
                json.array(of: task.warnings.texts) { json, text in json.string(text) }
            }
            if let counts = task.fan?.counts {
                json.name("items")
                json.counts(counts)
            }
            if let item = task.item, let (group, index) = task.id.asItem {
                json.member("group", group.rawValue)
                json.member("item_index", index)
                json.name("item")
                json.json(item)
            }
        }
    }

    /// The items of a task by what became of them.
    mutating func counts(_ counts: ItemCounts) {
        object { json in
            json.member("total", counts.total)
            json.member("succeeded", counts.succeeded)
            json.member("failed", counts.failed)
            json.member("canceled", counts.canceled)
            json.member("skipped", counts.skipped)
            json.member("active", counts.active)
            json.member("waiting", counts.waiting)
        }
    }

    public mutating func attempt(_ attempt: TaskAttemptRecord) {
        object { json in
            json.member("task_instance_id", attempt.task.rawValue)
            json.member("attempt", attempt.number)
            json.member("started_at", attempt.startedAt)
            json.member("ended_at", attempt.endedAt)
            json.member("state", attempt.outcome?.rawValue)
            json.member("error", attempt.error)
            json.member("stop", attempt.ending)
        }
    }

    private mutating func member(_ name: StaticString, _ ending: TaskEnding?) {
        guard let ending else { return }
        self.name(name)
        object { json in
            json.member("terminated_at", ending.terminatedAt)
            json.member("killed_at", ending.killedAt)
            json.member("call_canceled_at", ending.callCanceledAt)
            json.member("gone_at", ending.goneAt)
        }
    }

    public mutating func member(_ name: StaticString, _ error: RunError?) {
        guard let error else { return }
        self.name(name)
        object { json in
            json.member("attribution", error.attribution?.rawValue)
            json.member("type", error.type)
            json.member("message", error.message)
            if let data = error.data {
                json.name("data")
                json.json(data)
            }
            json.member("data_omitted_bytes", error.omittedDataBytes)
        }
    }

    private mutating func member(_ name: StaticString, _ caller: RunCaller?) {
        guard let caller else { return }
        self.name(name)
        object { json in
            json.member("workflow_id", caller.run.rawValue)
            json.member("task_instance_id", caller.task.rawValue)
        }
    }

    public mutating func member(_ name: StaticString, _ stop: RunStop?) {
        guard let stop else { return }
        self.name(name)
        object { json in
            json.member("requested_at", stop.requestedAt)
            json.member("principal_id", stop.requestedBy.id)
            json.member("principal_name", stop.requestedBy.name)
            json.member("principal_email", stop.requestedBy.email)
            json.member("reason", stop.reason)
        }
    }

    private mutating func members(of run: WorkflowRun) {
        member("id", run.id.rawValue)
        member("name", run.name)
        member("type", run.type)
        member("state", run.state.rawValue)
        member("tenant", run.tenant.name)
        member("created_at", run.createdAt)
        member("ended_at", run.endedAt)
        member("principal_id", run.principal.id)
        member("principal_name", run.principal.name)
        member("principal_email", run.principal.email)
        member("error", run.error)
    }

    /// Those that Weir adds to the documented ones.
    private mutating func addedMembers(of run: WorkflowRun) {
        let origin = run.origin
        member("config_id", origin.configuration)
        member("labels", origin.labels)
        member("parameters", origin.parameters)
        member("run_mode", origin.runMode?.rawValue)
        member("range_from", origin.range?.from)
        member("range_to", origin.range?.to)
        member("scheduled_for", origin.scheduledFor)
        member("schedule", origin.schedule)
        member("rerun_of", origin.rerunOf?.rawValue)
        member("triggered_by", origin.trigger)
        if run.attempts > 1 { member("attempts", run.attempts) }
        if run.warnings > 0 { member("warnings", run.warnings) }
    }

    /// An object; nothing without labels.
    public mutating func member(_ name: StaticString, _ labels: RunLabels) {
        guard !labels.isEmpty else { return }
        self.name(name)
        object { json in
            for label in labels {
                json.key(label.key)
                json.string(label.value)
            }
        }
    }
}

extension JSONWriter {
    /// An object; nothing without parameters.
    public mutating func member(_ name: StaticString, _ parameters: RunParameters) {
        guard !parameters.isEmpty else { return }
        self.name(name)
        json(parameters.json)
    }
}

extension WorkflowRun {
    /// Roughly the bytes of a run in a list.
    static var typicalSize: Int { 448 }

    /// A page of runs. A total that could not be counted exactly is left out.
    /// - Parameter nextToken: nil on the last page.
    public static func listDocument(_ page: RunPage, nextToken: String?) -> ByteBuffer {
        JSONWriter.document(capacity: 256 + page.runs.count * typicalSize) { json in
            json.object { json in
                json.name("data")
                json.array(of: page.runs) { json, run in json.run(run) }
                json.member("next_token", nextToken)
                json.member("total", page.total?.exact)
            }
        }
    }
}

extension WorkflowRunDetails {
    public func document(_ view: RunView) -> ByteBuffer {
        switch view {
        case .overview: JSONWriter.document { $0.overview(of: run) }
        case .verbose: JSONWriter.document(capacity: 1_024 + (tasks.count + items.count) * 640) { $0.verbose(self) }
        }
    }
}

/// How much of a run is shown.
public enum RunView: String, CaseIterable, Sendable {
    case overview
    case verbose
}
