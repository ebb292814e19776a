public import WorkflowModel

/// The rules that every store must follow. The tests of each store run all of them.
public enum StoreContract {
    /// One rule, checked on an empty store without other users.
    public struct Rule: Sendable, CustomStringConvertible {
        /// A sentence about stores.
        public var description: String
        private var body: @Sendable (StoreBench) async throws -> Void

        init(_ description: String, _ body: @escaping @Sendable (StoreBench) async throws -> Void) {
            self.description = description
            self.body = body
        }

        /// Records an issue in the running test for each violation.
        public func check(_ store: any WorkflowStore) async throws {
            try await body(StoreBench(store))
        }
    }

    public static let rules: [Rule] = [
        creating, origins, attempts, warnings, notes, reruns, idempotency, listing, asking, words, sorting, budgets, facets, views,
        secrets,
        counting,
        lookingBack, claiming, takingTurns, limiting, makingRoom, waitReasons, committing, waiting, calls, leases, stopping,
        closing, conditions, fanOut,
        resolving,
        carriedResolutions, output,
        configurations, schedules, ticks, pauses, triggers, alerting, subscriptions, outbox, access, importing, texts, retention,
        filing, filedWords, statistics, telling, checking, clocks, auditing, auditLists, bulk, runChanges,
    ].flatMap(\.self)
}
