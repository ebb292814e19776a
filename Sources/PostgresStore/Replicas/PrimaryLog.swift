import WorkflowModel

/// Asks the primary for its log position, once for all concurrent reads.
///
/// That makes reads from standbys as fresh as reads from the primary, through any node. Everything that was acknowledged
/// before a read lies before a position that is asked for after it. It costs the primary one small statement that touches no
/// table, however many reads wait for it.
actor PrimaryLog {
    private let pool: ConnectionPool
    private var waiting: [CheckedContinuation<LogPosition, any Error>] = []
    private var isAsking = false
    /// Timelines that have their row.
    private var marked: Set<LogTimeline> = []

    init(pool: ConnectionPool) {
        self.pool = pool
    }

    /// A position that the primary reached after this call.
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
            // A read that arrives while the statement runs waits for the next one.
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
        // The statement serves many requests, so that it has its own time limit, which leaves each of them time to ask the
        // primary itself.
        let position = try await StoreWait.$ofThisRequest.withValue(StoreWait(limit: ReplicaLimits.longestAsking)) {
            try await pool.run { [marked] primary in
                let position = try primary.logPosition()
                guard !marked.contains(position.timeline) else { return position }
                try primary.mark(position.timeline)
                return try primary.logPosition()
            }
        }
        marked.insert(position.timeline)
        return position
    }
}
