import Logging
import WorkflowModel

/// Periodic maintenance, on every node: creates partitions of coming months, folds changes of runs into the counts, and seals events
/// of the audit log.
struct PostgresKeeper: Sendable {
    let pool: ConnectionPool
    let foldInterval: Duration?
    let time: any TimeSource
    let logger: Logger

    /// Runs until it is cancelled.
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
                if foldInterval != nil {
                    try await pool.foldRunCounts()
                    try await pool.sealAuditEvents()
                }
                hasFailed = false
            } catch {
                guard !Task.isCancelled, !hasFailed else { continue }
                hasFailed = true
                let reason = (StoreError.error(for: error) as? StoreError)?.message ?? "\(error)"
                logger.error(
                    "could not create partitions, fold counts or seal audit events; trying again", metadata: ["reason": "\(reason)"]
                )
            }
        }
    }
}
