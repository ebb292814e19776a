/// What there is of a tenant's limits and what is taken of it, while somebody decides who may go.
public struct LimitLedger: Sendable {
    private struct Account {
        var size: Int
        var taken: Int
        /// Since when the one has waited that has waited longest.
        var waitingSince: Timestamp?
    }

    /// nil for what is known to limit nobody.
    private var accounts: [Limit: Account?] = [:]

    public init() {}

    /// Of what some demand, that which the ledger was not told anything of yet.
    public func unknown(in demands: some Sequence<LimitDemand>) -> Set<Limit> {
        unknown(in: demands.flatMap { $0.units.map(\.limit) })
    }

    public func unknown(in limits: some Sequence<Limit>) -> Set<Limit> {
        Set(limits.filter { accounts[$0] == nil })
    }

    /// Whether it is a limit of which the ledger knows the size.
    public func limits(_ limit: Limit) -> Bool { account(limit) != nil }

    public mutating func set(_ limit: Limit, size: Int, taken: Int, waitingSince: Timestamp? = nil) {
        accounts[limit] = .some(Account(size: size, taken: taken, waitingSince: waitingSince))
    }

    public mutating func setUnlimited(_ limit: Limit) {
        accounts[limit] = .some(nil)
    }

    /// Where a task has to wait; nil when there is room for it.
    ///
    /// - Parameter since: since when it could have gone. Nobody passes one that has waited longer, so that a task that needs
    ///   much gets it in the end; nil to look at the room only.
    public func obstacle(to demand: LimitDemand, readySince since: Timestamp? = nil) -> LimitQueue? {
        for (limit, units) in demand.units {
            if let account = account(limit), units > account.size { return LimitQueue(limit, isBeyond: true) }
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

    /// Somebody waits there from now on.
    public mutating func wait(in queue: LimitQueue, readySince since: Timestamp) {
        guard !queue.isBeyond else { return }
        change(queue.limit) { $0.waitingSince = min($0.waitingSince ?? since, since) }
    }

    private func account(_ limit: Limit) -> Account? { accounts[limit] ?? nil }

    private mutating func change(_ limit: Limit, _ change: (inout Account) -> Void) {
        guard var account = account(limit) else { return }
        change(&account)
        accounts[limit] = .some(account)
    }
}
