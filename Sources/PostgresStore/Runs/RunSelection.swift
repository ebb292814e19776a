import StoreCore
import WorkflowModel

/// The conditions of a run filter whose values are numbers in the database.
struct RunSelection: Hashable {
    var tenant: Int
    var types: NumberChoice
    var principals: NumberChoice

    init(tenant: Int, types: NumberChoice = .any, principals: NumberChoice = .any) {
        self.tenant = tenant
        self.types = types
        self.principals = principals
    }

    /// nil when no run can match, for example because the tenant has no run of the type.
    init?(_ filter: RunFilter, tenant: Int, in database: PostgresConnection) throws {
        guard !filter.possibleStates.isEmpty, !filter.asksForNothing else { return nil }
        self.init(
            tenant: tenant,
            types: try NumberChoice(filter.types) { name in
                try database.number(ofType: name, in: tenant).map { [$0] } ?? []
            },
            principals: try NumberChoice(filter.principals) { try database.numbers(ofPrincipal: $0, in: tenant) })
        guard !types.isNothing, !principals.isNothing else { return nil }
    }

    /// The only type; nil for several, for all, or for all but some.
    var type: Int? {
        guard case .of(let numbers) = types, numbers.count == 1 else { return nil }
        return numbers.first
    }
}

extension RunFilter {
    /// Whether a condition allows no value at all.
    fileprivate var asksForNothing: Bool {
        attributions?.isEmpty == true || [types, configurations, principals, errorTypes].contains { $0.included?.isEmpty == true }
            || configurations.remaining?.isEmpty == true
    }
}

extension TextChoice {
    /// The included texts without the excluded ones; nil when all texts are included.
    var remaining: Set<ExactText>? { included.map { $0.subtracting(excluded) } }
}

extension NumberChoice {
    /// The conditions on a column, each with AND before it.
    /// - Parameter bind: adds a value to the statement and returns its placeholder.
    func conditions(on column: String, binding bind: (any SQLValue) -> String) -> String {
        switch self {
        case .any: ""
        case .of(let numbers):
            if numbers.count == 1, let number = numbers.first {
                " AND \(column) = \(bind(number))"
            } else {
                " AND \(column) = ANY (\(bind(Column(numbers.sorted()))))"
            }
        case .except(let numbers): " AND \(column) <> ALL (\(bind(Column(numbers.sorted()))))"
        }
    }
}
