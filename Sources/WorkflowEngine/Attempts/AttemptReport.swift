import Logging
import Synchronization
import WorkflowModel

/// Reports one attempt to the store: its events, its output, and its outcome.
final class AttemptReport: TaskReport {
    let lease: Lease
    let handle: AttemptHandle
    let metadata: Logger.Metadata
    private let store: any WorkStore
    private let time: any TimeSource
    private let retry: StoreRetry
    private let outputKept: Int
    private let output: OutputSink
    private let reports: Mutex<Reports>

    private struct Reports {
        var hasBegun: Bool
        /// Events that are not written yet, oldest first.
        var pending: [TaskEvent] = []
        /// Writes the pending events.
        var writer: Task<Void, Never>?
        var ending: TaskEnding?
    }

    /// - Parameter resumed: the attempt that goes on; nil for one that begins.
    init(
        lease: Lease, resumed: ResumedAttempt?, handle: AttemptHandle, metadata: Logger.Metadata, store: any WorkStore,
        time: any TimeSource,
        retry: StoreRetry, settings: EngineSettings
    ) {
        self.lease = lease
        reports = Mutex(Reports(hasBegun: resumed != nil))
        self.handle = handle
        self.metadata = metadata
        self.store = store
        self.time = time
        self.retry = retry
        let kept = settings.outputKept
        outputKept = kept
        output = OutputSink(from: resumed?.printed ?? 0, limit: kept, interval: settings.outputInterval, time: time) { chunk in
            try await store.appendOutput(chunk, under: lease, keepingLast: kept)
        }
    }

    /// Returns immediately: work must not wait, and must still react to a stop, while the store is unreachable.
    func began() async {
        reports.withLock { reports in
            guard !reports.hasBegun else { return }
            reports.hasBegun = true
            report(.began, &reports)
        }
    }

    func printed(_ bytes: [UInt8], to stream: TaskStream) {
        output.printed(bytes, to: stream)
    }

    func recording() async {
        await began()
        reports.withLock { report(.recording, &$0) }
    }

    func wasEnded(_ ending: TaskEnding) async {
        reports.withLock { $0.ending = ending }
    }

    /// Writes the rest of the output, how the work was stopped, then the outcome. In this order, because the lease ends with the outcome.
    ///
    /// - Returns: the receipt of the event; nil when the store could not be reached.
    func ended(with event: TaskEvent) async -> CommitReceipt? {
        await writeRemainingOutput()
        // A task has to begin before it can succeed, even if it ends immediately.
        switch event {
        case .succeeded, .waiting: await began()
        case .began, .recording, .failed, .retrying, .stopped: break
        }
        let (pending, writer) = reports.withLock { reports in
            defer { reports.pending = [] }
            return (reports.pending, reports.writer)
        }
        await writer?.value
        if case .stopped = event { await writeEnding() }
        return await commit(pending + [event])
    }

    /// Discards further output and writes nothing.
    func abandoned() async {
        _ = await output.close()
        await reports.withLock { $0.writer }?.value
    }

    private func writeEnding() async {
        guard let ending = reports.withLock({ $0.ending }) else { return }
        _ = await retry.answer(to: "recording how the task was stopped", for: handle, metadata: metadata) {
            try await self.store.record(ending, under: self.lease)
        }
    }

    private func writeRemainingOutput() async {
        guard let chunk = await output.close() else { return }
        _ = await retry.answer(to: "writing what the task printed", for: handle, metadata: metadata) {
            try await self.store.appendOutput(chunk, under: self.lease, keepingLast: self.outputKept)
        }
    }

    /// Writes from an unstructured task: the calling work may have been cancelled, but its report is true nevertheless.
    ///
    /// The task yields first. On a busy machine, short work ends before it continues, so that begin and end become one write; on an
    /// idle one, the store learns of the begin immediately.
    private func report(_ event: TaskEvent, _ reports: inout Reports) {
        reports.pending.append(event)
        guard reports.writer == nil else { return }
        reports.writer = Task {
            await Task.yield()
            while let events = self.takePending() {
                switch await self.commit(events) {
                case .accepted(.stopping): self.handle.end(.stopRequested)
                case .stale: self.handle.end(.leaseLost)
                case .accepted, nil: break
                }
            }
        }
    }

    /// nil when no event is pending; the next event starts a new writer.
    private func takePending() -> [TaskEvent]? {
        reports.withLock { reports in
            defer { reports.pending = [] }
            if reports.pending.isEmpty { reports.writer = nil }
            return reports.pending.isEmpty ? nil : reports.pending
        }
    }

    private func commit(_ events: [TaskEvent]) async -> CommitReceipt? {
        let kinds = events.map(\.kind.rawValue).joined(separator: ", ")
        return await retry.answer(to: "reporting that the task \(kinds)", for: handle, metadata: metadata) {
            try await self.store.commit(events, under: self.lease, at: self.time.now)
        }
    }
}
