import WorkflowModel

/// Asks the primary how far its log is, once for all who want to know at the same time.
///
/// That makes reads from standbys as fresh as reads from the primary, for everybody and whichever node was written through:
/// what was acknowledged before a question was put lies before the position that is asked for after it. It costs the primary
/// one small statement that touches no table, however many reads wait for it.
actor PrimaryLog {
    private let pool: ConnectionPool
    private var waiting: [CheckedContinuation<LogPosition, any Error>] = []
    private var isAsking = false
    /// Timelines that are written down.
    private var marked: Set<LogTimeline> = []

    init(pool: ConnectionPool) {
        self.pool = pool
    }

    /// A position that the primary had reached after this was called.
    func position() async throws -> LogPosition {
        try await withCheckedThrowingContinuation { continuation in
            waiting.append(continuation)
            guard !isAsking else { return }
            isAsking = true
            Task { await answer() }
        }
    }

    private func answer() async {
        while !waiting.isEmpty {
            // Who comes while the answer is on its way waits for the next one.
            let asked = waiting
            waiting = []
            let answer: Result<LogPosition, any Error>
            do {
                answer = .success(try await ask())
            } catch {
                answer = .failure(error)
            }
            for continuation in asked { continuation.resume(with: answer) }
        }
        isAsking = false
    }

    private func ask() async throws -> LogPosition {
        let position = try await pool.run { [marked] primary in
            let position = try primary.logPosition()
            guard !marked.contains(position.timeline) else { return position }
            try primary.mark(position.timeline)
            return try primary.logPosition()
        }
        marked.insert(position.timeline)
        return position
    }
}
