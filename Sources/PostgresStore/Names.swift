import WorkflowModel

/// A session's cache of tenants, types and principals by their numbers.
///
/// Names are compared by their bytes, as in the tables. Numbers keep their meaning while a session lasts. Names that a transaction
/// adds count only when it is committed.
struct Names {
    /// Most names of one kind. When it is reached, all are dropped.
    static let limit = 10_000

    struct OfTenant: Hashable {
        var tenant: Int
        @Exact var name: String
    }

    struct PrincipalOfTenant: Hashable {
        var tenant: Int
        var principal: Principal
    }

    private struct Dictionary<Key: Hashable> {
        var numbers: [Key: Int] = [:]
        var keys: [Int: Key] = [:]
        var isUncertain: Set<Int> = []

        mutating func learn(_ key: Key, _ number: Int, inTransaction: Bool) {
            if numbers.count >= Names.limit, isUncertain.isEmpty { self = Dictionary() }
            numbers[key] = number
            keys[number] = key
            if inTransaction { isUncertain.insert(number) }
        }

        mutating func forgetUncertain() {
            for number in isUncertain {
                if let key = keys.removeValue(forKey: number) { numbers[key] = nil }
            }
            isUncertain = []
        }
    }

    private var tenants = Dictionary<Tenant>()
    private var types = Dictionary<OfTenant>()
    private var principals = Dictionary<PrincipalOfTenant>()

    /// The transaction was committed.
    mutating func keep() {
        tenants.isUncertain = []
        types.isUncertain = []
        principals.isUncertain = []
    }

    /// The transaction was not.
    mutating func forget() {
        tenants.forgetUncertain()
        types.forgetUncertain()
        principals.forgetUncertain()
    }

    func number(of tenant: Tenant) -> Int? { tenants.numbers[tenant] }
    func tenant(numbered number: Int) -> Tenant? { tenants.keys[number] }
    func number(ofType name: String, in tenant: Int) -> Int? { types.numbers[OfTenant(tenant: tenant, name: name)] }
    func type(numbered number: Int) -> String? { types.keys[number]?.name }
    func number(of principal: Principal, in tenant: Int) -> Int? {
        principals.numbers[PrincipalOfTenant(tenant: tenant, principal: principal)]
    }
    func principal(numbered number: Int) -> Principal? { principals.keys[number]?.principal }

    mutating func learn(_ tenant: Tenant, _ number: Int, inTransaction: Bool) {
        tenants.learn(tenant, number, inTransaction: inTransaction)
    }

    mutating func learn(type name: String, in tenant: Int, _ number: Int, inTransaction: Bool) {
        types.learn(OfTenant(tenant: tenant, name: name), number, inTransaction: inTransaction)
    }

    mutating func learn(_ principal: Principal, in tenant: Int, _ number: Int, inTransaction: Bool) {
        principals.learn(PrincipalOfTenant(tenant: tenant, principal: principal), number, inTransaction: inTransaction)
    }
}
