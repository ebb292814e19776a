package import Logging
import WorkflowAPI
package import WorkflowModel

/// When the service works on bulk operations.
package enum BulkPauses {
    /// How often to look for operations when none is due.
    package static let interval = Duration.milliseconds(500)
    /// Operations that a node works on at the same time.
    package static let atOnce = 4
    /// How often to look for old operations to delete.
    package static let sweep = Duration.seconds(600)
}

/// Works on bulk operations, as long as the service runs. Every node does; an operation belongs to one of them for a moment.
///
/// A turn acts on as many runs as an operation may act on in a second. So operations take turns, and keep their rates whichever
/// nodes work on them.
package struct BulkWork: Sendable {
    package typealias Store = BulkStore & RunStore & RunListStore & ConfigurationStore

    private let store: any Store
    private let reruns: RerunPlanning
    private let ownsStoreAlone: Bool
    private let time: any TimeSource
    private let random: any RandomSource
    private let logger: Logger

    /// - Parameter ownsStoreAlone: whether leases that are there at the start belong to a dead process.
    package init(
        store: any Store, ownsStoreAlone: Bool, time: any TimeSource, random: any RandomSource, logger: Logger
    ) {
        self.store = store
        self.ownsStoreAlone = ownsStoreAlone
        self.time = time
        self.random = random
        self.logger = logger
        reruns = RerunPlanning(store: store, configurations: ConfigurationCache(), time: time, random: random)
    }

    /// Works until it is cancelled.
    package func run() async {
        var isReady = !ownsStoreAlone
        var sweptAt: Duration?
        while !Task.isCancelled {
            do {
                if !isReady {
                    try await store.releaseBulkOperationsOfAllTenants(at: time.now)
                    isReady = true
                }
                if try await takeTurns() > 0 { continue }
                if sweptAt.map({ time.elapsed - $0 >= BulkPauses.sweep }) ?? true {
                    sweptAt = time.elapsed
                    let oldest = Timestamp(milliseconds: time.now.milliseconds - BulkLimits.kept.milliseconds)
                    while try await store.deleteBulkOperationsOfAllTenants(endedBefore: oldest) {}
                }
            } catch {
                log(error, "could not look for bulk operations")
            }
            do { try await time.sleep(for: BulkPauses.interval) } catch { return }
        }
    }

    /// Works on the operations that are due, for a turn each.
    /// - Returns: how many were due.
    package func takeTurns() async throws -> Int {
        let now = time.now
        let claimed = try await store.claimBulkOperationsOfAllTenants(
            limit: BulkPauses.atOnce, until: now + BulkLimits.lease, at: now)
        await withDiscardingTaskGroup { group in
            for operation in claimed { group.addTask { await takeTurn(operation) } }
        }
        return claimed.count
    }

    /// Without the end of the turn, the operation goes on when its lease expires.
    private func takeTurn(_ claimed: ClaimedBulkOperation) async {
        do {
            var turn = BulkTurn(claimed, store: store, time: time)
            let operation = claimed.operation
            let origin = AuditOrigin(userAgent: operation.client)
            let actor = AuditActor(operation.requestedBy, from: origin, time: time, random: random)
            while let run = try await turn.next() {
                let isDone = try await actor.act {
                    try await turn.take(try await act(of: operation, on: run), on: run)
                }
                guard isDone else { return }
            }
            try await turn.end()
        } catch {
            log(error, "could not continue a bulk operation", claimed.operation)
        }
    }

    /// The act of an operation on a run.
    private func act(of operation: BulkOperation, on run: RunID) async throws -> BulkAct {
        switch operation.action {
        case .stop(let reason):
            .stop(RunStop(requestedAt: time.now, requestedBy: operation.requestedBy, reason: reason?.text))
        case .rerun(let start, let version):
            try await rerun(run, RerunRequest(from: start, version: version), for: operation)
        case .resolve(let resolution, let reason):
            try await resolve(
                run,
                ResolutionOrder(
                    resolution, of: .allFailed, by: operation.requestedBy, at: time.now, reason: reason?.text), for: operation)
        case .delete: .delete
        case .label(let change): .label(change)
        }
    }

    private func resolve(_ id: RunID, _ order: ResolutionOrder, for operation: BulkOperation) async throws -> BulkAct {
        guard let run = try await store.run(id, of: operation.tenant) else { return .settle(.noSuchRun) }
        guard run.run.state.hasEnded else { return .resolve(order) }
        return try await rerun(Rerun(of: run, carrying: order), with: .current)
    }

    private func rerun(_ id: RunID, _ request: RerunRequest, for operation: BulkOperation) async throws -> BulkAct {
        guard let old = try await store.run(id, of: operation.tenant) else { return .settle(.noSuchRun) }
        let start = request.start ?? .usual(for: old.run.state)
        return try await rerun(Rerun(of: old, from: start, by: operation.requestedBy), with: request.version)
    }

    private func rerun(_ rerun: Rerun, with version: RerunVersion) async throws -> BulkAct {
        let old = rerun.old.run
        if let newer = try await store.reruns(of: old.id, tenant: old.tenant, limit: 1).first {
            return .settle(.isRerun(by: newer.id))
        }
        do {
            return .rerun(try await reruns.plan(rerun, with: version))
        } catch RerunRefusal.resolution(.nothingFailed) {
            return .settle(.hasNoFailedTask)
        } catch let refusal as RerunRefusal {
            return .settle(BulkResult(.refused, APIError(refusal).message))
        }
    }

    private func log(_ error: any Error, _ message: Logger.Message, _ operation: BulkOperation? = nil) {
        guard !Task.isCancelled else { return }
        var metadata: Logger.Metadata = ["reason": "\((error as? StoreError)?.message ?? "\(error)")"]
        if let operation { metadata["operation"] = "\(operation.id)" }
        logger.error(message, metadata: metadata)
    }
}
