/// Files runs at rest, ended or imported, in a store that indexes and counts some of their properties only then.
///
/// Lists are right at any time. They are quicker when few runs are left to file.
public protocol RunFiling: Sendable {
    /// Files some runs in one small transaction, the oldest first.
    /// - Returns: whether more are left.
    /// - Throws: ``StoreError``
    func fileRunsAtRest() async throws -> Bool

    /// Roughly how many runs of all tenants are left to file.
    /// - Parameter limit: the most that are counted.
    /// - Throws: ``StoreError``
    func runsToFileOfAllTenants(countingTo limit: Int) async throws -> Int
}
