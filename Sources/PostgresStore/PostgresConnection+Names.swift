import WorkflowModel

// Tenants, types and principals by the numbers that stand for them in rows.
extension PostgresConnection {
    /// nil for a tenant that nothing was ever kept for.
    func number(of tenant: Tenant) throws -> Int? {
        if let known = names.number(of: tenant) { return known }
        let found = try row("SELECT number FROM tenants WHERE name = $1", tenant.name) { try $0.next(Int.self) }
        if let found { names.learn(tenant, found, inTransaction: false) }
        return found
    }

    func numberMaking(_ tenant: Tenant) throws -> Int {
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

    /// nil for a type that the tenant never had a run of.
    func number(ofType type: String, in tenant: Int) throws -> Int? {
        if let known = names.number(ofType: type, in: tenant) { return known }
        let found = try row("SELECT number FROM run_types WHERE tenant = $1 AND name = $2", tenant, type) {
            try $0.next(Int.self)
        }
        if let found { names.learn(type: type, in: tenant, found, inTransaction: false) }
        return found
    }

    func numberMaking(type: String, in tenant: Int) throws -> Int {
        if let known = try number(ofType: type, in: tenant) { return known }
        let made = try row(
            "INSERT INTO run_types (tenant, name) VALUES ($1, $2) ON CONFLICT (tenant, name) DO NOTHING RETURNING number",
            tenant, type
        ) { try $0.next(Int.self) }
        guard let made else { return try present(try number(ofType: type, in: tenant)) }
        names.learn(type: type, in: tenant, made, inTransaction: isInTransaction)
        return made
    }

    func numberMaking(_ principal: Principal, in tenant: Int) throws -> Int {
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
        // Two sessions that meet somebody new at once make two numbers, which mean the same.
        let made = try present(
            try row(
                "INSERT INTO principals (tenant, id, name, email) VALUES ($1, $2, $3, $4) RETURNING number",
                tenant, principal.id, principal.name, principal.email
            ) { try $0.next(Int.self) })
        names.learn(principal, in: tenant, made, inTransaction: isInTransaction)
        return made
    }

    /// Learns what these numbers stand for, all at once, so that the rows of a list need no joins.
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

    /// To be called after ``learn(types:principals:)``.
    func typeName(numbered number: Int) throws -> String { try present(names.type(numbered: number)) }

    /// To be called after ``learn(types:principals:)``.
    func principal(numbered number: Int) throws -> Principal { try present(names.principal(numbered: number)) }

    private func present<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw StoreError.unreadable("a number that stands for no name") }
        return value
    }
}

extension ColumnReader {
    mutating func nextTenant() throws -> Tenant {
        let name = try next(String.self)
        guard let tenant = Tenant(name) else { throw StoreError.unreadable("the tenant \"\(name)\"") }
        return tenant
    }

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
