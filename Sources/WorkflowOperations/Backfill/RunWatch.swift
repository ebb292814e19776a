import WorkflowAPI
package import WorkflowClient
package import WorkflowModel

/// Waits for the end of a run by polling. An answer without changes is a short 304.
package struct RunWatch {
    /// Well below the rate limit, so that several programs can watch.
    package static let interval = Duration.milliseconds(400)
    /// How many requests in a row may find the service unreachable, for example during a restart.
    package static let patience = 25

    private let client: WorkflowClient
    private let time: any TimeSource

    package init(client: WorkflowClient, time: any TimeSource = SystemTime()) {
        self.client = client
        self.time = time
    }

    /// - Returns: the run after it has ended.
    package func end(of id: RunID, _ progress: (WorkflowRunDetails) -> Void) async throws -> WorkflowRunDetails {
        var version: String?
        var failures = 0
        while true {
            let news = await news(of: id, since: version)
            switch news {
            case .success(nil): failures = 0
            case .success(let changed?):
                failures = 0
                version = changed.version
                progress(changed.details)
                if changed.details.run.state.hasEnded { return changed.details }
            case .failure(let error):
                failures += 1
                guard Self.mayPass(error), failures <= Self.patience else { throw error }
            }
            try await time.sleep(for: Self.interval)
        }
    }

    private func news(of id: RunID, since version: String?) async -> Result<VersionedRun?, ClientError> {
        do {
            return .success(try await client.run(id, changedSince: version))
        } catch {
            return .failure(error)
        }
    }

    /// Whether a repeated request may succeed.
    package static func mayPass(_ error: ClientError) -> Bool {
        switch error.code {
        case .unreachable, .timedOut, .refused(.unavailable), .refused(.rateLimited): true
        case .refused, .unreadable, .invalidAddress: false
        }
    }
}
