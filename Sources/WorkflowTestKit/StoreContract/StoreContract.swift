public import WorkflowModel

/// What every store must do, written once: each store's tests run all of it against stores that they make.
public enum StoreContract {
    /// One rule, checked on an empty store that nothing else uses.
    public struct Rule: Sendable, CustomStringConvertible {
        /// A sentence about stores.
        public var description: String
        private var body: @Sendable (StoreBench) async throws -> Void

        init(_ description: String, _ body: @escaping @Sendable (StoreBench) async throws -> Void) {
            self.description = description
            self.body = body
        }

        /// Records an issue with the running test for everything that is not as it should be.
        public func check(_ store: any WorkflowStore) async throws {
            try await body(StoreBench(store))
        }
    }

    public static let rules: [Rule] = [
        creating, reruns, idempotency, listing, counting, lookingBack, claiming, takingTurns, limiting, makingRoom, standing,
        committing,
        leases, stopping, output,
        configurations, schedules, ticks, alerting, outbox, access, importing, retention, telling, checking,
    ].flatMap(\.self)
}
