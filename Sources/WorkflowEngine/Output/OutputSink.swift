import Synchronization
import WorkflowModel

/// Buffers the output of an attempt without blocking it, and writes it to the store periodically.
final class OutputSink: Sendable {
    private struct State {
        var ring: OutputRing
        /// Writes periodically while output is pending.
        var writer: Task<Void, Never>?
        var isClosed = false
    }

    private let state: Mutex<State>
    private let time: any TimeSource
    private let interval: Duration
    private let write: @Sendable (OutputChunk) async throws -> Void

    /// - Parameter begin: bytes that were printed before.
    init(
        from begin: Int = 0, limit: Int, interval: Duration, time: any TimeSource,
        write: @escaping @Sendable (OutputChunk) async throws -> Void
    ) {
        state = Mutex(State(ring: OutputRing(limit: limit, printed: begin)))
        self.interval = interval
        self.time = time
        self.write = write
    }

    func printed(_ bytes: [UInt8], to stream: TaskStream) {
        guard !bytes.isEmpty else { return }
        let now = time.now
        state.withLock { state in
            guard !state.isClosed else { return }
            state.ring.append(bytes, to: stream, at: now)
            if state.writer == nil { state.writer = Task { await self.writePeriodically() } }
        }
    }

    /// Stops accepting output. Waits for the write in progress and returns the rest.
    func close() async -> OutputChunk? {
        let writer = state.withLock { state in
            state.isClosed = true
            return state.writer
        }
        writer?.cancel()
        await writer?.value
        return state.withLock { $0.ring.take() }
    }

    /// Cancellation ends the pause, never a write: an interrupted write might be repeated.
    private func writePeriodically() async {
        while true {
            do { try await time.sleep(for: interval) } catch { return }
            guard let chunk = nextChunk() else { return }
            await Task {
                do { try await self.write(chunk) } catch { self.state.withLock { $0.ring.putBack(chunk) } }
            }.value
        }
    }

    private func nextChunk() -> OutputChunk? {
        state.withLock { state in
            guard !state.isClosed else { return nil }
            let chunk = state.ring.take()
            if chunk == nil { state.writer = nil }
            return chunk
        }
    }
}
