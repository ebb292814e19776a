import WorkflowAPI
import WorkflowClient
import WorkflowModel

/// Follows a run to its end by asking again and again; an answer that nothing changed costs little.
struct RunWatch {
    /// Well below the rate limit, so that several can watch.
    static let interval = Duration.milliseconds(400)
    /// How often in a row the service may be out of reach, such as while it starts again, before the watch gives up.
    static let patience = 25

    let client: WorkflowClient
    var time: any TimeSource = SystemTime()

    /// - Returns: the run as it ended.
    func end(of id: RunID, _ tell: (WorkflowRunDetails) -> Void) async throws -> WorkflowRunDetails {
        var version: String?
        var failures = 0
        while true {
            let news = await news(of: id, since: version)
            switch news {
            case .success(nil): failures = 0
            case .success(let changed?):
                failures = 0
                version = changed.version
                tell(changed.details)
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

    static func mayPass(_ error: ClientError) -> Bool {
        switch error.code {
        case .unreachable, .timedOut, .refused(.unavailable): true
        case .refused, .unreadable, .invalidAddress: false
        }
    }
}
