/// The sizes and usage of a tenant's limits during one decision about admission.
public struct LimitLedger: Sendable {
    private struct Account {
        var size: Int
        var taken: Int
        /// When the first task in the queue began to wait.
        var waitingSince: Timestamp?
    }

    /// nil for a limit that does not exist.
    private var accounts: [Limit: Account?] = [:]

    public init() {}

    /// The limits that these tasks demand and that have not been loaded into the ledger yet.
    public func unknown(in demands: some Sequence<LimitDemand>) -> Set<Limit> {
        unknown(in: demands.flatMap { $0.units.map(\.limit) })
    }

    public func unknown(in limits: some Sequence<Limit>) -> Set<Limit> {
        Set(limits.filter { accounts[$0] == nil })
    }

    /// Whether the ledger knows a size for this limit.
    public func limits(_ limit: Limit) -> Bool { account(limit) != nil }

    public mutating func set(_ limit: Limit, size: Int, taken: Int, waitingSince: Timestamp? = nil) {
        accounts[limit] = .some(Account(size: size, taken: taken, waitingSince: waitingSince))
    }

    public mutating func setUnlimited(_ limit: Limit) {
        accounts[limit] = .some(nil)
    }

    /// The queue that a task has to wait in; nil when it fits.
    ///
    /// - Parameter since: since when the task has been ready. It cannot overtake a task that has waited longer, so that large
    ///   demands are met in the end; nil to check only the size.
    public func obstacle(to demand: LimitDemand, readySince since: Timestamp? = nil) -> LimitQueue? {
        for (limit, units) in demand.units {
            if let account = account(limit), units > account.size { return LimitQueue(limit, exceedsSize: true) }
        }
        for (limit, units) in demand.units {
            guard let account = account(limit) else { continue }
            if account.taken + units > account.size { return LimitQueue(limit) }
            if let since, let first = account.waitingSince, first < since { return LimitQueue(limit) }
        }
        return nil
    }

    public mutating func take(_ demand: LimitDemand) {
        for (limit, units) in demand.units { change(limit) { $0.taken += units } }
    }

    /// Records that a task waits in the queue.
    public mutating func wait(in queue: LimitQueue, readySince since: Timestamp) {
        guard !queue.exceedsSize else { return }
        change(queue.limit) { $0.waitingSince = min($0.waitingSince ?? since, since) }
    }

    private func account(_ limit: Limit) -> Account? { accounts[limit] ?? nil }

    private mutating func change(_ limit: Limit, _ change: (inout Account) -> Void) {
        guard var account = account(limit) else { return }
        change(&account)
        accounts[limit] = .some(account)
    }
}
