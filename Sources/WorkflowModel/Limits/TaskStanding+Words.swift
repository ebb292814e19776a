extension RunStanding {
    /// In a sentence: why it is where it is.
    public var words: String {
        switch state {
        case .succeeded, .failed, .canceled: return "The run has ended; it waits for nothing."
        case .stopping: return "The run was asked to stop, and ends when its last task is gone."
        case .scheduled, .started, .inProgress, .runningWithFailures: break
        }
        let working = tasks.count { $0.reason == .works }
        if working > 0 { return working == 1 ? "A task of it runs." : "\(working) tasks of it run." }
        guard let first = tasks.first(where: { !$0.isHeldUpByItsRun }) else { return "Nothing of it can go on." }
        return "Nothing of it runs: \(first.label) \(first.words)."
    }
}

extension TaskStanding {
    fileprivate var isHeldUpByItsRun: Bool {
        if case .needs = reason { return true }
        return false
    }

    /// The word for what it waits for; nil when it waits for nothing.
    public var kind: String? {
        switch reason {
        case .works: nil
        case .stops: "stop"
        case .needs: "needs"
        case .retry: "retry"
        case .worker: "worker"
        case .limit: "limit"
        }
    }

    /// What follows its label: what it does, or what it waits for. Since when is told beside it.
    public var words: String {
        switch reason {
        case .works: "runs"
        case .stops: "is being stopped"
        case .needs(let tasks): "waits for " + Self.names(tasks.map(\.label))
        case .retry(let instant, let error):
            "waits to be tried again at \(instant.iso8601)" + (error.map { " after: \($0.message)" } ?? "")
        case .worker(let ahead):
            switch ahead {
            case 0: "waits for a worker, and is next of its tenant"
            case 1: "waits for a worker, behind one task of its tenant"
            case Self.mostAhead...: "waits for a worker, behind \(Self.mostAhead) tasks of its tenant or more"
            default: "waits for a worker, behind \(ahead) tasks of its tenant"
            }
        case .limit(let standing): standing.words
        }
    }

    static func names(_ names: [String], most: Int = 3) -> String {
        guard names.count > most else { return names.joined(separator: ", ") }
        return names.prefix(most).joined(separator: ", ") + " and \(names.count - most) more"
    }
}

extension LimitStanding {
    fileprivate var words: String {
        guard let size else { return "was waiting for a limit that there is no more" }
        let asked = units == 1 ? "" : "\(units) of "
        switch queue.limit {
        case .resource(let name) where queue.isBeyond || units > size:
            return "needs \(units) of \(name), of which there are \(size), and waits until there is more"
        case .resource(let name): return "waits for \(asked)\(name) (\(held(of: size)))"
        case .runs(let configuration): return "waits until another run of \(configuration) has ended (\(held(of: size)))"
        case .tasks: return "waits until another task of the tenant has ended (\(held(of: size)))"
        }
    }

    private func held(of size: Int) -> String {
        let names = TaskStanding.names(holders.map { $0.task == nil ? $0.run.rawValue : "\($0.label) of \($0.run)" })
        let holders = names.isEmpty ? "" : " by \(names)"
        return "\(taken) of \(size) held\(holders)" + (taken + units <= size ? ", and others have waited longer" : "")
    }
}
