import StoreCore
import WorkflowModel

// Tenants, types and principals by their numbers.
extension PostgresConnection {
    /// nil when the tenant has no rows.
    func number(of tenant: Tenant) throws -> Int? {
        if let known = names.number(of: tenant) { return known }
        let found = try row("SELECT number FROM tenants WHERE name = $1", tenant.name) { try $0.next(Int.self) }
        if let found { names.learn(tenant, found, inTransaction: false) }
        return found
    }

    func findOrCreate(_ tenant: Tenant) throws -> Int {
        if let known = try number(of: tenant) { return known }
        let made = try row(
            """
            WITH made AS (INSERT INTO tenants (name) VALUES ($1) ON CONFLICT (name) DO NOTHING RETURNING number)
            INSERT INTO tenant_turns (tenant, turn) SELECT number, 0 FROM made RETURNING tenant
            """, tenant.name
        ) { try $0.next(Int.self) }
        guard let made else { return try present(try number(of: tenant)) }
        names.learn(tenant, made, inTransaction: isInTransaction)
        return made
    }

    func tenant(numbered number: Int) throws -> Tenant {
        if let known = names.tenant(numbered: number) { return known }
        let found = try present(try row("SELECT name FROM tenants WHERE number = $1", number) { try $0.nextTenant() })
        names.learn(found, number, inTransaction: false)
        return found
    }

    /// nil when the tenant never had a run of that type.
    func number(ofType type: String, in tenant: Int) throws -> Int? {
        if let known = names.number(ofType: type, in: tenant) { return known }
        let found = try row("SELECT number FROM run_types WHERE tenant = $1 AND name = $2", tenant, type) {
            try $0.next(Int.self)
        }
        if let found { names.learn(type: type, in: tenant, found, inTransaction: false) }
        return found
    }

    func findOrCreate(type: String, in tenant: Int) throws -> Int {
        if let known = try number(ofType: type, in: tenant) { return known }
        let made = try row(
            "INSERT INTO run_types (tenant, name) VALUES ($1, $2) ON CONFLICT (tenant, name) DO NOTHING RETURNING number",
            tenant, type
        ) { try $0.next(Int.self) }
        guard let made else { return try present(try number(ofType: type, in: tenant)) }
        names.learn(type: type, in: tenant, made, inTransaction: isInTransaction)
        return made
    }

    func findOrCreate(_ principal: Principal, in tenant: Int) throws -> Int {
        if let known = names.number(of: principal, in: tenant) { return known }
        let found = try row(
            """
            SELECT number FROM principals WHERE tenant = $1 AND id = $2 AND name = $3 AND email IS NOT DISTINCT FROM $4
            ORDER BY number LIMIT 1
            """, tenant, principal.id, principal.name, principal.email
        ) { try $0.next(Int.self) }
        if let found {
            names.learn(principal, in: tenant, found, inTransaction: false)
            return found
        }
        // Two sessions that add the same principal at once make two numbers, which mean the same.
        let made = try present(
            try row(
                "INSERT INTO principals (tenant, id, name, email) VALUES ($1, $2, $3, $4) RETURNING number",
                tenant, principal.id, principal.name, principal.email
            ) { try $0.next(Int.self) })
        names.learn(principal, in: tenant, made, inTransaction: isInTransaction)
        return made
    }

    /// Several where principals share an id, under different names or addresses.
    func numbers(ofPrincipal id: String, in tenant: Int) throws -> [Int] {
        try rows("SELECT number FROM principals WHERE tenant = $1 AND id = $2", tenant, id) { try $0.next() }
    }

    /// Reads the names of these numbers by one statement each, so that the rows of a list need no joins.
    func learn(types: some Sequence<Int>, principals: some Sequence<Int>) throws {
        let newTypes = Set(types).filter { names.type(numbered: $0) == nil }
        if !newTypes.isEmpty {
            let found = try rows("SELECT number, tenant, name FROM run_types WHERE number = ANY ($1)", Column(Array(newTypes))) {
                (try $0.next(Int.self), try $0.next(Int.self), try $0.next(String.self))
            }
            for (number, tenant, name) in found { names.learn(type: name, in: tenant, number, inTransaction: false) }
        }
        let newPrincipals = Set(principals).filter { names.principal(numbered: $0) == nil }
        if !newPrincipals.isEmpty {
            let found = try rows(
                "SELECT number, tenant, id, name, email FROM principals WHERE number = ANY ($1)", Column(Array(newPrincipals))
            ) { (try $0.next(Int.self), try $0.next(Int.self), try $0.nextPrincipal()) }
            for (number, tenant, principal) in found { names.learn(principal, in: tenant, number, inTransaction: false) }
        }
    }

    /// Call ``learn(types:principals:)`` before.
    func typeName(numbered number: Int) throws -> String { try present(names.type(numbered: number)) }

    /// Call ``learn(types:principals:)`` before.
    func principal(numbered number: Int) throws -> Principal { try present(names.principal(numbered: number)) }

    private func present<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw StoreError.unreadable("a number without a name") }
        return value
    }
}
