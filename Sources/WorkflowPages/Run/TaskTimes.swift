import WorkflowModel

/// When a task worked and when it waited, by its attempts.
struct TaskTimes: Sendable {
    var task: TaskInstance
    /// Oldest first.
    var attempts: [TaskAttemptRecord]

    /// Imported history knows no attempts; there a task that was worked on began when it was made. What was kept of another run was
    /// worked on there.
    var started: Timestamp? {
        if let first = attempts.first { return first.startedAt }
        guard task.keptFrom == nil else { return nil }
        switch task.state {
        case .scheduled, .skipped, .canceled: return nil
        case .started, .inProgress, .running, .finalizing, .stopping, .succeeded, .failed: return task.createdAt
        }
    }

    /// When it was over, for one that was ever worked on.
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
