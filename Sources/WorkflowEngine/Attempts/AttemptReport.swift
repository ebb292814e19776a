import Logging
import Synchronization
import WorkflowModel

/// Tells the store of one attempt: what its runner reports, what it prints, and at last how it ended.
final class AttemptReport: TaskReport {
    let lease: Lease
    let handle: AttemptHandle
    let metadata: Logger.Metadata
    private let store: any WorkflowStore
    private let time: any TimeSource
    private let insistence: StoreInsistence
    private let outputKept: Int
    private let output: OutputSink
    private let reports = Mutex(Reports())

    private struct Reports {
        var hasBegun = false
        /// What the store has not been told yet, in its order.
        var untold: [TaskEvent] = []
        /// Tells it.
        var telling: Task<Void, Never>?
    }

    init(
        lease: Lease, handle: AttemptHandle, metadata: Logger.Metadata, store: any WorkflowStore, time: any TimeSource,
        insistence: StoreInsistence, settings: EngineSettings
    ) {
        self.lease = lease
        self.handle = handle
        self.metadata = metadata
        self.store = store
        self.time = time
        self.insistence = insistence
        let kept = settings.outputKept
        outputKept = kept
        output = OutputSink(limit: kept, interval: settings.outputInterval, time: time) { chunk in
            try await store.appendOutput(chunk, under: lease, keepingLast: kept)
        }
    }

    /// Returns at once: work must not wait, and be deaf to orders, because the store cannot be told that it began.
    func began() async {
        reports.withLock { reports in
            guard !reports.hasBegun else { return }
            reports.hasBegun = true
            tell(.began, &reports)
        }
    }

    func printed(_ bytes: [UInt8]) {
        output.printed(bytes)
    }

    func recording() async {
        await began()
        reports.withLock { tell(.recording, &$0) }
    }

    /// Writes what was printed and then how the attempt ended, in this order: the end takes the right to write away.
    ///
    /// - Returns: what became of the event; nil when the store could not be told.
    func ended(with event: TaskEvent) async -> CommitReceipt? {
        await writeRemainingOutput()
        // Nothing succeeds that has not begun, not even what is over at once.
        if case .succeeded = event { await began() }
        let (untold, telling) = reports.withLock { reports in
            defer { reports.untold = [] }
            return (reports.untold, reports.telling)
        }
        await telling?.value
        return await commit(untold + [event])
    }

    /// Takes no more output and writes nothing.
    func abandoned() async {
        _ = await output.close()
        await reports.withLock { $0.telling }?.value
    }

    private func writeRemainingOutput() async {
        guard let chunk = await output.close() else { return }
        _ = await insistence.answer(to: "writing what the task printed", for: handle, metadata: metadata) {
            try await self.store.appendOutput(chunk, under: self.lease, keepingLast: self.outputKept)
        }
    }

    /// Tells the store from a task of its own: the work that calls may have been cancelled, but what it reports has happened.
    ///
    /// That task lets others go first. Where many wait for the processors, work that is over soon is over by then, and its beginning
    /// and its end are one write; where none does, the store hears of the beginning at once.
    private func tell(_ event: TaskEvent, _ reports: inout Reports) {
        reports.untold.append(event)
        guard reports.telling == nil else { return }
        reports.telling = Task {
            await Task.yield()
            while let events = self.nextToTell() {
                switch await self.commit(events) {
                case .accepted(.stopping): self.handle.end(.stopRequested)
                case .stale: self.handle.end(.leaseLost)
                case .accepted, nil: break
                }
            }
        }
    }

    /// nil when all is told; then whoever has more to tell begins anew.
    private func nextToTell() -> [TaskEvent]? {
        reports.withLock { reports in
            defer { reports.untold = [] }
            if reports.untold.isEmpty { reports.telling = nil }
            return reports.untold.isEmpty ? nil : reports.untold
        }
    }

    private func commit(_ events: [TaskEvent]) async -> CommitReceipt? {
        let kinds = events.map(\.kind.rawValue).joined(separator: ", ")
        return await insistence.answer(to: "reporting that the task \(kinds)", for: handle, metadata: metadata) {
            try await self.store.commit(events, under: self.lease, at: self.time.now)
        }
    }
}
