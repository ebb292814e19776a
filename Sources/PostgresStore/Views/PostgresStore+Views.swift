import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func views(of tenant: Tenant) async throws -> [SavedView] {
        try await readAnywhere { database in
            guard let number = try database.number(of: tenant) else { return [] }
            return try database.rows(ViewStatement.columns + "WHERE v.tenant = $1 ORDER BY v.name", number) { try $0.nextView() }
        }
    }

    public func view(named name: String, of tenant: Tenant) async throws -> SavedView? {
        try await readAnywhere { database in
            guard let number = try database.number(of: tenant) else { return nil }
            return try database.row(ViewStatement.columns + "WHERE v.tenant = $1 AND v.name = $2", number, name) {
                try $0.nextView()
            }
        }
    }

    public func save(_ view: SavedView, of tenant: Tenant) async throws -> Bool {
        try await write { database in
            let number = try database.findOrCreate(tenant)
            // Two views that are saved at once would both be the last one that the tenant may have.
            _ = try database.execute("SELECT 1 FROM tenants WHERE number = $1 FOR NO KEY UPDATE", [number])
            let isSaved = try database.save(view, of: number, unlessThereAre: SavedView.most)
            if isSaved { try database.record(.viewSaved, AuditObject(view.name), of: tenant, numbered: number) }
            return isSaved
        }
    }

    public func deleteView(named name: String, of tenant: Tenant) async throws -> Bool {
        try await write { (database, attempt: inout WriteAttempt<Bool>) in
            guard let number = try database.number(of: tenant) else { return false }
            let deleted = try database.change("DELETE FROM saved_views WHERE tenant = $1 AND name = $2", number, name)
            if deleted > 0 { try database.record(.viewDeleted, AuditObject(name), of: tenant, numbered: number) }
            // An earlier try, whose answer was lost, has deleted it.
            return deleted > 0 || attempt.former == true
        }
    }
}

private enum ViewStatement {
    static let columns = """
        SELECT v.name, v.search, p.id, p.name, p.email, v.saved_at FROM saved_views AS v
        JOIN principals AS p ON p.number = v.saved_by

        """
}

extension PostgresConnection {
    /// - Parameter most: the number of other views that leave no room for a new one.
    /// - Returns: whether the view was saved.
    fileprivate func save(_ view: SavedView, of tenant: Int, unlessThereAre most: Int) throws -> Bool {
        try change(
            """
            INSERT INTO saved_views (tenant, name, search, saved_by, saved_at)
            SELECT $1, $2, $3, $4, $5
            WHERE (SELECT count(*) FROM saved_views WHERE tenant = $1 AND name <> $2) < $6
            ON CONFLICT (tenant, name) DO UPDATE SET search = excluded.search, saved_by = excluded.saved_by,
                saved_at = excluded.saved_at
            """, tenant, view.name, view.search, try findOrCreate(view.savedBy, in: tenant), view.savedAt, most) > 0
    }

    func allViews() throws -> [TransferredView] {
        let tenants = try rows("SELECT number FROM tenants ORDER BY number") { try $0.next(Int.self) }
        return try tenants.flatMap { number in
            let tenant = try tenant(numbered: number)
            return try rows(ViewStatement.columns + "WHERE v.tenant = $1 ORDER BY v.name", number) {
                TransferredView(tenant: tenant, view: try $0.nextView())
            }
        }
    }

    func add(_ views: [TransferredView]) throws {
        for one in views { _ = try save(one.view, of: try findOrCreate(one.tenant), unlessThereAre: .max) }
    }
}
