import StoreCore
import WorkflowModel

extension PostgresConnection {
    /// Saves the limits of a tenant's settings, by name.
    /// - Returns: whether a worker may find something to claim.
    func saveLimits(_ sizes: [String: Int], of tenant: Int) throws -> Bool {
        let statement = "SELECT name, size FROM limits WHERE tenant = $1 AND name NOT LIKE 'runs:%'"
        func present() throws -> [String: Int] {
            let found = try rows(statement, tenant) { (try $0.next(String.self), try $0.next(Int.self)) }
            return Dictionary(uniqueKeysWithValues: found)
        }
        guard try present() != sizes else { return false }
        try beginChangingLimits(of: tenant, adding: !sizes.isEmpty)
        for name in try present().keys where sizes[name] == nil { try setLimit(name, nil, of: tenant) }
        for (name, size) in sizes { try setLimit(name, size, of: tenant) }
        return try admitWaiting(of: tenant, for: nil)
    }

    /// Sets how many runs of a configuration may run at the same time; nil for no limit.
    /// - Returns: whether a worker may find something to claim.
    func setConcurrency(_ runs: Int?, of configuration: String, tenant: Int) throws -> Bool {
        let limit = Limit.runs(of: configuration)
        guard try size(of: limit, tenant: tenant) != runs else { return false }
        try beginChangingLimits(of: tenant, adding: runs != nil)
        try setLimit(limit.rawValue, runs, of: tenant)
        return try admitWaiting(of: tenant, for: [limit])
    }

    /// A transaction that ends tasks of a tenant without limits takes no lock of limits. The first limit waits for those that
    /// have read so, so that none releases a slot unseen while the first task has to wait. That is rare enough for a lock of
    /// the table.
    private func beginChangingLimits(of tenant: Int, adding isAdding: Bool) throws {
        if isAdding, try !hasLimits(tenant) { try control("LOCK TABLE limits IN ACCESS EXCLUSIVE MODE") }
        try lockLimits(of: tenant)
    }

    private func setLimit(_ name: String, _ size: Int?, of tenant: Int) throws {
        guard let size else {
            try change("DELETE FROM limits WHERE tenant = $1 AND name = $2", tenant, name)
            return
        }
        try change(
            """
            INSERT INTO limits (tenant, name, size) VALUES ($1, $2, $3)
            ON CONFLICT (tenant, name) DO UPDATE SET size = excluded.size
            """, tenant, name, size)
    }
}
