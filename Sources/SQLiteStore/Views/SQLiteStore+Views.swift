import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func views(of tenant: Tenant) async throws -> [SavedView] {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return [] }
            return try database.rows("\(ViewStatement.columns) WHERE v.tenant = ? ORDER BY v.name", number) { try $0.nextView() }
        }
    }

    public func view(named name: String, of tenant: Tenant) async throws -> SavedView? {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return nil }
            return try database.row("\(ViewStatement.columns) WHERE v.tenant = ? AND v.name = ?", number, name) {
                try $0.nextView()
            }
        }
    }

    public func save(_ view: SavedView, of tenant: Tenant) async throws -> Bool {
        try await write { database in
            let number = try database.findOrCreate(tenant)
            let others = try database.row(ViewStatement.others, number, view.name) { try $0.next(Int.self) } ?? 0
            guard others < SavedView.most else { return false }
            try database.change(
                """
                INSERT INTO saved_views (tenant, name, search, saved_by, saved_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (tenant, name) DO UPDATE SET
                    search = excluded.search, saved_by = excluded.saved_by, saved_at = excluded.saved_at
                """, number, view.name, view.search, try database.findOrCreate(view.savedBy, in: number), view.savedAt)
            try database.record(.viewSaved, AuditObject(view.name), of: tenant, numbered: number)
            return true
        }
    }

    public func deleteView(named name: String, of tenant: Tenant) async throws -> Bool {
        try await write { database in
            guard let number = try database.number(of: tenant) else { return false }
            let isDeleted = try database.change("DELETE FROM saved_views WHERE tenant = ? AND name = ?", number, name) > 0
            if isDeleted { try database.record(.viewDeleted, AuditObject(name), of: tenant, numbered: number) }
            return isDeleted
        }
    }
}

enum ViewStatement {
    static let list = "v.name, v.search, p.id, p.name, p.email, v.saved_at"
    static let columns = "SELECT \(list) FROM saved_views AS v CROSS JOIN principals AS p ON p.number = v.saved_by"
    static let others = "SELECT count(*) FROM saved_views WHERE tenant = ? AND name <> ?"
}
