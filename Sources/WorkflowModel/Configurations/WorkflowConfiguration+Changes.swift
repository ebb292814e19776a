extension WorkflowConfiguration {
    /// The ids of tasks whose action, variables, conditions or needs differ between this version and another one, so that their results can differ. Tasks
    /// that only one of the versions has are not included.
    public func redefinedTasks(since other: WorkflowConfiguration) -> Set<String> {
        let before = Dictionary(uniqueKeysWithValues: other.stages.flatMap(\.tasks).map { ($0.id, $0) })
        let redefined = stages.flatMap(\.tasks).filter { task in
            guard let former = before[task.id] else { return false }
            return !former.action.isIdentical(to: task.action) || former.when != task.when || former.gate != task.gate
                || former.env != task.env || Set(former.needs) != Set(task.needs)
        }
        return Set(redefined.map(\.id))
    }
}

extension HTTPCall.Body {
    public static func == (left: HTTPCall.Body, right: HTTPCall.Body) -> Bool {
        switch (left, right) {
        case (.none, .none), (.inputs, .inputs): true
        case (.text(let left), .text(let right)): left.isIdentical(to: right)
        case (.json(let left), .json(let right)): left == right
        default: false
        }
    }
}

extension TaskAction {
    /// Compares bytes: a program can distinguish texts that Unicode treats as equivalent.
    fileprivate func isIdentical(to other: TaskAction) -> Bool {
        switch (self, other) {
        case (.command(let left), .command(let right)): left.isIdentical(to: right)
        case (.http(let left), .http(let right)): left == right
        case (.job(let left), .job(let right)): left == right
        case (.workflow(let left), .workflow(let right)): left == right
        default: false
        }
    }
}
