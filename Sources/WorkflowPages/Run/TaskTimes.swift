import WorkflowModel

/// The times at which a task worked and waited, from its attempts.
struct TaskTimes: Sendable {
    var task: TaskInstance
    /// Oldest first.
    var attempts: [TaskAttemptRecord]

    /// Imported history has no attempts: a task that ran started when it was created. A task kept from another run has no start in
    /// this one.
    var started: Timestamp? {
        if let first = attempts.first { return first.startedAt }
        guard task.keptFrom == nil else { return nil }
        if let fan = task.fan { return fan.counts?.began }
        switch task.state {
        case .scheduled, .skipped, .canceled: return nil
        // A person settled it without an attempt in this run.
        case .succeeded where task.resolution != nil: return nil
        case .started, .inProgress, .running, .finalizing, .stopping, .succeeded, .failed: return task.createdAt
        }
    }

    /// The end of a task that ran; nil for others.
    var completed: Timestamp? {
        started == nil ? nil : task.endedAt
    }

    static func all(_ tasks: [TaskInstance], _ attempts: [TaskAttemptRecord]) -> [TaskTimes] {
        let byTask = Dictionary(grouping: attempts, by: \.task)
        return tasks.map { task in
            TaskTimes(task: task, attempts: (byTask[task.id] ?? []).sorted { $0.number < $1.number })
        }
    }
}
