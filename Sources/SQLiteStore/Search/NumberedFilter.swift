import StoreCore
import WorkflowModel

/// A filter of a tenant's runs, with the numbers of its types and principals.
struct NumberedFilter {
    var tenant: Int
    /// Has a window on ends where the list leaves out runs that have not ended.
    var filter: RunFilter
    /// The states that matching runs can be in; never empty.
    var states: [RunState]
    var types: NumberChoice
    var principals: NumberChoice

    /// nil when no run can match.
    /// - Parameter order: of the list; nil for all matching runs.
    init?(_ filter: RunFilter, in order: RunSortKey? = nil, tenant: Int, database: DatabaseConnection) throws {
        self.tenant = tenant
        self.filter = filter
        if filter.ended == nil, order == .ended || order == .runtime { self.filter.ended = TimeWindow() }
        states = self.filter.possibleStates
        types = try NumberChoice(filter.types) { name in
            try database.number(ofType: name, in: tenant).map { [$0] } ?? []
        }
        principals = try NumberChoice(filter.principals) { id in try database.numbers(ofPrincipal: id, in: tenant) }
        if states.isEmpty || types.isNothing || principals.isNothing { return nil }
    }

    /// The clock of the filter's windows.
    var clock: RunClock { filter.sortKey == .ended ? .ended : .created }
}

/// The values of a statement with numbered parameters, each of which may occur in several places.
struct SQLBindings {
    private(set) var values: [any SQLValue] = []

    /// - Returns: the parameter that stands for the value.
    mutating func add(_ value: any SQLValue) -> String {
        values.append(value)
        return "?\(values.count)"
    }
}

extension DatabaseConnection {
    /// A principal has a number for each name and address that it had.
    fileprivate func numbers(ofPrincipal id: String, in tenant: Int) throws -> [Int] {
        try rows(PrincipalStatement.numbers, tenant, id) { try $0.next() }
    }

    /// The types that a choice leaves.
    /// - Returns: nil for any type, and for more types than the limit.
    func types(of choice: NumberChoice, in tenant: Int, limit: Int) throws -> [Int]? {
        switch choice {
        case .any: return nil
        case .of(let types): return types.count <= limit ? types.sorted() : nil
        case .except(let types):
            let known = try rows(TypeStatement.numbers, tenant, limit + types.count + 1) { try $0.next(Int.self) }
            let left = known.filter { !types.contains($0) }
            return left.count <= limit ? left : nil
        }
    }
}

enum PrincipalStatement {
    static let numbers = "SELECT number FROM principals WHERE tenant = ? AND id = ?"
}

enum TypeStatement {
    static let numbers = "SELECT number FROM run_types WHERE tenant = ? ORDER BY name LIMIT ?"
}
