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
    private let hasBegun = Mutex(false)

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

    func began() async {
        let isFirst = hasBegun.withLock { begun in
            defer { begun = true }
            return !begun
        }
        if isFirst { await report(.began) }
    }

    func printed(_ bytes: [UInt8]) {
        output.printed(bytes)
    }

    func recording() async {
        await began()
        await report(.recording)
    }

    /// Writes what was printed and then how the attempt ended, in this order: the end takes the right to write away.
    ///
    /// - Returns: what became of the event; nil when the store could not be told.
    func ended(with event: TaskEvent) async -> CommitReceipt? {
        await writeRemainingOutput()
        // Nothing succeeds that has not begun, not even what is over at once.
        if case .succeeded = event { await began() }
        return await commit(event)
    }

    /// Takes no more output and writes nothing.
    func abandoned() async {
        _ = await output.close()
    }

    private func writeRemainingOutput() async {
        guard let chunk = await output.close() else { return }
        _ = await insistence.answer(to: "writing what the task printed", for: handle, metadata: metadata) {
            try await self.store.appendOutput(chunk, under: self.lease, keepingLast: self.outputKept)
        }
    }

    /// The runner calls from work that may have been cancelled; what it reports has happened all the same, and is told
    /// from a task of its own.
    private func report(_ event: TaskEvent) async {
        await Task {
            switch await self.commit(event) {
            case .accepted(.stopping): self.handle.end(.stopRequested)
            case .stale: self.handle.end(.leaseLost)
            case .accepted, nil: break
            }
        }.value
    }

    private func commit(_ event: TaskEvent) async -> CommitReceipt? {
        await insistence.answer(to: "reporting that the task \(event.kind.rawValue)", for: handle, metadata: metadata) {
            try await self.store.commit(event, under: self.lease, at: self.time.now)
        }
    }
}
