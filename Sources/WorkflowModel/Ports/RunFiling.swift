/// Files ended runs, in a store that indexes and counts some of their properties only after their end.
///
/// Lists are right at any time. They are quicker when few ended or imported runs are left to file.
public protocol RunFiling: Sendable {
    /// Files some of the ended and imported runs in one small transaction, the oldest first.
    /// - Returns: whether more are left.
    /// - Throws: ``StoreError``
    func fileEndedRuns() async throws -> Bool
}
