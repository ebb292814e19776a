import Logging
import WorkflowModel

/// Does what has to be done from time to time, on every node: months get their partitions, and changes of runs go into the counts.
struct PostgresKeeper: Sendable {
    let pool: ConnectionPool
    let foldInterval: Duration?
    let time: any TimeSource
    let logger: Logger

    /// Works until it is cancelled.
    func run() async {
        var untilPartitions = PostgresSettings.partitionInterval
        var hasFailed = false
        let interval = foldInterval ?? PostgresSettings.partitionInterval
        while (try? await time.sleep(for: interval)) != nil {
            do {
                untilPartitions -= interval
                if untilPartitions <= .zero {
                    let months = Partitions.due(at: time.now)
                    try await pool.run { try $0.makePartitions(for: months) }
                    untilPartitions = PostgresSettings.partitionInterval
                }
                if foldInterval != nil { try await pool.foldRunCounts() }
                hasFailed = false
            } catch {
                guard !Task.isCancelled, !hasFailed else { continue }
                hasFailed = true
                let reason = (StoreError.error(for: error) as? StoreError)?.message ?? "\(error)"
                logger.error(
                    "could not make partitions or fold counts, and goes on trying", metadata: ["reason": "\(reason)"])
            }
        }
    }
}
