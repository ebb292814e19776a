import GRDBSQLite
import StoreCore
import WorkflowModel

// Tenants, types and principals by their numbers.
extension DatabaseConnection {
    /// nil when the tenant has no rows.
    func number(of tenant: Tenant) throws -> Int? {
        try row("SELECT number FROM tenants WHERE name = ?", tenant.name) { try $0.next() }
    }

    func findOrCreate(_ tenant: Tenant) throws -> Int {
        if let known = try number(of: tenant) { return known }
        try change("INSERT INTO tenants (name) VALUES (?)", tenant.name)
        return lastRow
    }

    /// nil when the tenant never had a run of that type.
    func number(ofType type: String, in tenant: Int) throws -> Int? {
        try row("SELECT number FROM run_types WHERE tenant = ? AND name = ?", tenant, type) { try $0.next() }
    }

    func findOrCreate(type: String, in tenant: Int) throws -> Int {
        if let known = try number(ofType: type, in: tenant) { return known }
        try change("INSERT INTO run_types (tenant, name) VALUES (?, ?)", tenant, type)
        return lastRow
    }

    func findOrCreate(_ principal: Principal, in tenant: Int) throws -> Int {
        let known = try row(
            "SELECT number FROM principals WHERE tenant = ? AND id = ? AND name = ? AND email IS ?",
            tenant, principal.id, principal.name, principal.email
        ) { try $0.next(Int.self) }
        if let known { return known }
        try change(
            "INSERT INTO principals (tenant, id, name, email) VALUES (?, ?, ?, ?)",
            tenant, principal.id, principal.name, principal.email)
        return lastRow
    }
}

/// Names by their numbers, each read once per answer. All of one state of the database.
struct RunNames {
    private let database: DatabaseConnection
    private var types: [Int: String] = [:]
    private var principals: [Int: Principal] = [:]

    init(_ database: DatabaseConnection) {
        self.database = database
    }

    mutating func type(numbered number: Int) throws -> String {
        if let known = types[number] { return known }
        let found = try database.row("SELECT name FROM run_types WHERE number = ?", number) { try $0.next(String.self) }
        guard let found else { throw StoreError.unreadable("the number of a type, \(number)") }
        types[number] = found
        return found
    }

    mutating func principal(numbered number: Int) throws -> Principal {
        if let known = principals[number] { return known }
        let found = try database.row("SELECT id, name, email FROM principals WHERE number = ?", number) { try $0.nextPrincipal() }
        guard let found else { throw StoreError.unreadable("the number of a principal, \(number)") }
        principals[number] = found
        return found
    }
}
