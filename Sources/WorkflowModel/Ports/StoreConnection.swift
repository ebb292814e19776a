/// The connection of a store to its database.
public protocol StoreConnection: Sendable {
    /// Returns when the store answers.
    func ping() async throws

    /// Waits for writes under way and closes. No other method may be called afterwards.
    func close() async throws
}
