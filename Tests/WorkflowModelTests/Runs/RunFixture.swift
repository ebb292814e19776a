import Testing
import WorkflowModel

/// A run under test, with its events written as words.
struct RunFixture {
    var progress: RunProgress
    var now = Timestamp(milliseconds: 1_000)
    static let tenant = Tenant("acme")

    static let afterStop = Duration.seconds(120)

    /// `a`, `b needs a`, `c skipped`, `d always needs a b`, `e failure needs a`
    init(_ tasks: String...) {
        self.init(tasks: tasks)
    }

    init(tasks: [String]) {
        let start = Timestamp(milliseconds: 0)
        let hasClosing = tasks.contains { $0.contains(" always ") || $0.contains(" failure ") }
        progress = RunProgress(
            createdAt: start, state: .scheduled, afterStop: hasClosing ? Self.afterStop : nil,
            tasks: tasks.map { text in
                var words = text.split(separator: " ").map(String.init)
                let when = words.count > 1 ? TaskCondition(rawValue: words[1]) : nil
                if when != nil { words.remove(at: 1) }
                let isSkipped = words.last == "skipped"
                let needs = words.count > 1 && words[1] == "needs" ? Array(words.dropFirst(2)) : []
                return TaskProgress(
                    id: TaskID(rawValue: "wft-\(words[0])"), definitionID: words[0], label: "Task \(words[0])",
                    when: when ?? .success, needs: needs, state: isSkipped ? .skipped : .scheduled, stateChangedAt: start,
                    readyAt: needs.isEmpty && !isSkipped ? start : nil)
            })
    }

    subscript(name: String) -> TaskProgress {
        get throws { try #require(progress.tasks.first { $0.definitionID == name }) }
    }

    /// `a:running b:scheduled`
    var states: String {
        progress.tasks.map { "\($0.definitionID):\($0.state.rawValue)" }.joined(separator: " ")
    }

    var ready: [String] {
        progress.tasks.filter { $0.readyAt != nil }.map(\.definitionID)
    }

    func lease(_ name: String) throws -> Lease {
        let task = try self[name]
        let tenant = try #require(Self.tenant)
        return Lease(tenant: tenant, run: RunID(rawValue: "wf-1"), task: task.id, attempt: task.attempt, token: task.token)
    }

    /// Reloads the run, as a store does between two transactions.
    mutating func reload() {
        progress = RunProgress(
            createdAt: progress.createdAt, state: progress.state, endedAt: progress.endedAt, error: progress.error,
            afterStop: progress.afterStop, tasks: progress.tasks)
        now = now + .seconds(1)
    }

    mutating func claim(_ names: String...) throws {
        for name in names {
            reload()
            try progress.claim(self[name].id, at: now)
        }
    }

    @discardableResult
    mutating func commit(_ name: String, _ events: TaskEvent..., under lease: Lease? = nil) throws -> CommitReceipt {
        var receipt = CommitReceipt.stale
        for event in events {
            reload()
            receipt = try progress.commit(event, under: lease ?? self.lease(name), at: now)
        }
        return receipt
    }

    /// Claims each task and reports success.
    mutating func succeed(_ names: String...) throws {
        for name in names {
            try claim(name)
            try commit(name, .began, .succeeded(TaskOutput()))
        }
    }

    mutating func stop() throws {
        reload()
        try progress.stop(at: now)
    }

    @discardableResult
    mutating func resolve(_ name: String, _ resolution: Resolution, outputs: String? = nil) throws -> [Int] {
        reload()
        return try progress.resolve(
            ResolutionOrder(
                resolution, of: .one(self[name].id), outputs: outputs.map { JSONText(validated: $0) }, by: Self.person, at: now))
    }

    static let person = Principal(id: "wk_ada", name: "Ada")
    static let customerError = RunError(attribution: .customer, type: "weir.task.command/exit", message: "It ended with 3")
    static let platformError = RunError(attribution: .platform, type: "weir.worker/lost", message: "The worker is gone")
}
