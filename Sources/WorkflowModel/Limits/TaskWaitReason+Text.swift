extension RunWaitReasons {
    /// The state of the run and its first wait reason, in a sentence.
    public var words: String {
        switch state {
        case .succeeded, .failed, .canceled: return "The run has ended."
        case .stopping: return "The run is stopping. It ends when its last task has ended."
        case .scheduled, .started, .inProgress, .runningWithFailures: break
        }
        let working = tasks.reduce(0) { $0 + $1.running }
        if working > 0 { return working == 1 ? "1 task is running." : "\(working) tasks are running." }
        guard let first = tasks.first(where: { !$0.isHeldUpByItsRun }) else { return "No task can continue." }
        if case .outside = first.reason { return "\(first.label) \(first.words)." }
        return "No task is running: \(first.label) \(first.words)."
    }
}

extension TaskWaitReason {
    fileprivate var isHeldUpByItsRun: Bool {
        if case .needs = reason { return true }
        return false
    }

    /// The tasks that are running: itself, or its items.
    fileprivate var running: Int {
        switch reason {
        case .works: 1
        case .items(let counts, _): state == .running ? max(1, counts.active) : 0
        case .stops, .needs, .retry, .outside, .worker, .limit: 0
        }
    }

    /// The kind of the wait reason on the wire; nil when the task does not wait.
    public var kind: String? {
        switch reason {
        case .works: nil
        case .items(let counts, _): counts.waiting > 0 ? "items" : nil
        case .stops: "stop"
        case .needs: "needs"
        case .retry: "retry"
        case .outside(let wait): wait.subject.rawValue
        case .worker: "worker"
        case .limit: "limit"
        }
    }

    /// A predicate that follows the label of the task. How long it has waited is shown beside it.
    public var words: String {
        switch reason {
        case .works: "runs"
        case .stops: "is being stopped"
        case .needs(let tasks): "waits for " + Self.names(tasks.map(\.label))
        case .retry(let instant, let error):
            "waits for its retry at \(instant.iso8601)" + (error.map { " after: \($0.message)" } ?? "")
        case .outside(let wait): "\(wait.words) at \(wait.until.iso8601)"
        case .worker(let ahead):
            switch ahead {
            case 0: "waits for a worker; no task of its tenant is ahead"
            case 1: "waits for a worker; 1 task of its tenant is ahead"
            case Self.mostAhead...: "waits for a worker; at least \(Self.mostAhead) tasks of its tenant are ahead"
            default: "waits for a worker; \(ahead) tasks of its tenant are ahead"
            }
        case .limit(let usage): usage.words
        case .items(let counts, let parallel):
            "runs its items: \(counts.words)"
                + (counts.waiting > 0
                    ? "; \(counts.waiting.grouped) wait, because \(parallel ?? 0) run at the same time at most" : "")
        }
    }

    static func names(_ names: [String], most: Int = 3) -> String {
        guard names.count > most else { return names.joined(separator: ", ") }
        return names.prefix(most).joined(separator: ", ") + " and \(names.count - most) more"
    }
}

extension TaskWait {
    /// A predicate that the time of the next check follows.
    public var words: String {
        let times = checks == 1 ? "once" : checks == 0 ? "not yet" : "\(checks) times"
        let failed = failures == 0 ? "" : failures == 1 ? ", the last one in vain" : ", the last \(failures) in vain"
        return switch subject {
        case .job: "waits for its job; polled \(times)\(failed), next"
        case .run: "waits for the run that it started; looked at next"
        }
    }
}

extension LimitUsage {
    fileprivate var words: String {
        guard let size else { return "was waiting for a limit that has been removed" }
        let asked = units == 1 ? "" : "\(units) of "
        switch queue.limit {
        case .resource(let name) where queue.exceedsSize || units > size:
            return "needs \(units) of \(name), but its tenant has only \(size)"
        case .resource(let name): return "waits for \(asked)\(name) (\(held(of: size)))"
        case .runs(let configuration): return "waits for another run of \(configuration) to end (\(held(of: size)))"
        case .tasks: return "waits for another task of its tenant to end (\(held(of: size)))"
        }
    }

    private func held(of size: Int) -> String {
        let names = TaskWaitReason.names(holders.map { $0.task == nil ? $0.run.rawValue : "\($0.label) of \($0.run)" })
        let holders = names.isEmpty ? "" : " by \(names)"
        return "\(taken) of \(size) held\(holders)" + (taken + units <= size ? "; other tasks have waited longer" : "")
    }
}
