import GRDB
import GRDBSQLite
import WorkflowModel

// Tenants, types and principals by the numbers that stand for them in rows.
extension Database {
    /// nil for a tenant that nothing was ever kept for.
    func number(of tenant: Tenant) throws -> Int64? {
        try row("SELECT number FROM tenants WHERE name = ?", tenant.name) { try $0.next() }
    }

    func numberMaking(_ tenant: Tenant) throws -> Int64 {
        if let known = try number(of: tenant) { return known }
        try change("INSERT INTO tenants (name) VALUES (?)", tenant.name)
        return lastInsertedRowID
    }

    /// nil for a type that the tenant never had a run of.
    func number(ofType type: String, in tenant: Int64) throws -> Int64? {
        try row("SELECT number FROM run_types WHERE tenant = ? AND name = ?", tenant, type) { try $0.next() }
    }

    func numberMaking(type: String, in tenant: Int64) throws -> Int64 {
        if let known = try number(ofType: type, in: tenant) { return known }
        try change("INSERT INTO run_types (tenant, name) VALUES (?, ?)", tenant, type)
        return lastInsertedRowID
    }

    func numberMaking(_ principal: Principal, in tenant: Int64) throws -> Int64 {
        let known = try row(
            "SELECT number FROM principals WHERE tenant = ? AND id = ? AND name = ? AND email IS ?",
            tenant, principal.id, principal.name, principal.email
        ) { try $0.next(Int64.self) }
        if let known { return known }
        try change(
            "INSERT INTO principals (tenant, id, name, email) VALUES (?, ?, ?, ?)",
            tenant, principal.id, principal.name, principal.email)
        return lastInsertedRowID
    }
}

/// The names that the runs of an answer share, each read once for all of them. Of one state of the database.
struct RunNames {
    private let database: Database
    private var types: [Int64: String] = [:]
    private var principals: [Int64: Principal] = [:]

    init(_ database: Database) {
        self.database = database
    }

    mutating func type(numbered number: Int64) throws -> String {
        if let known = types[number] { return known }
        let found = try database.row("SELECT name FROM run_types WHERE number = ?", number) { try $0.next(String.self) }
        guard let found else { throw StoreError.unreadable("the number of a type, \(number)") }
        types[number] = found
        return found
    }

    mutating func principal(numbered number: Int64) throws -> Principal {
        if let known = principals[number] { return known }
        let found = try database.row("SELECT id, name, email FROM principals WHERE number = ?", number) { try $0.nextPrincipal() }
        guard let found else { throw StoreError.unreadable("the number of a principal, \(number)") }
        principals[number] = found
        return found
    }
}

extension ColumnReader {
    /// The columns id, name, email.
    mutating func nextPrincipal() throws -> Principal {
        Principal(id: try next(), name: try next(), email: try next())
    }

    /// The columns from, to; nil when neither is set.
    mutating func nextRange() throws -> TimeWindow? {
        let window = TimeWindow(from: try next(), to: try next())
        return window == TimeWindow() ? nil : window
    }
}
