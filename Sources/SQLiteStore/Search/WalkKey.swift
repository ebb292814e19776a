import StoreCore
import WorkflowModel

/// The runs that a walk reads.
enum WalkKey: Hashable, Sendable {
    // Those with these values in the leading columns of an index.
    case all
    case state(RunState)
    case typeAndState(Int, RunState)
    case rerunsOf(RunID)
    /// The runs of this service that go on in a state, by creation.
    case open(RunState)
    /// The filed runs of a subject in a state, by creation.
    case filed(subject: Int, RunState)
    /// All filed runs, by runtime.
    case filedByRuntime

    /// The tables of the walk, with the rows of runs as `r`.
    func tables(by order: RunSortKey) -> String {
        switch self {
        case .all: "runs AS r INDEXED BY runs_\(order.rawValue)"
        case .state: "runs AS r INDEXED BY runs_state_\(order.rawValue)"
        case .typeAndState: "runs AS r INDEXED BY runs_type_state_\(order.rawValue)"
        case .rerunsOf: "runs AS r INDEXED BY runs_rerun_of"
        case .open: "runs AS r INDEXED BY runs_open"
        case .filed: "run_marks AS f CROSS JOIN runs AS r ON r.number = f.run"
        case .filedByRuntime: "run_durations AS f CROSS JOIN runs AS r ON r.number = f.run"
        }
    }

    /// The rows of the index `runs_open`.
    static let isOpen = "r.ended_at IS NULL AND r.configuration IS NOT NULL"

    /// A table whose order a walk follows.
    enum Table {
        case runs
        /// Has no ids: SQLite sorts those of one millisecond, which are few.
        case marks
        case durations

        /// The columns of the value that a list is sorted by, and of the id.
        func columns(by order: RunSortKey) -> (value: String, id: String) {
            switch self {
            case .runs: ("r.\(order.column)", "r.id")
            case .marks: ("f.\(order.column)", "r.id")
            case .durations: ("f.\(order.column)", "f.id")
            }
        }
    }

    var ordered: Table {
        switch self {
        case .all, .state, .typeAndState, .rerunsOf, .open: .runs
        case .filed: .marks
        case .filedByRuntime: .durations
        }
    }

    /// - Parameter tenant: the parameter of the statement.
    func conditions(of tenant: String, in bindings: inout SQLBindings) -> String {
        switch self {
        case .all: ""
        case .state(let state): " AND r.state = \(bindings.add(state))"
        case .typeAndState(let type, let state): " AND r.type = \(bindings.add(type)) AND r.state = \(bindings.add(state))"
        case .rerunsOf(let run): " AND r.rerun_of = \(bindings.add(run))"
        case .open(let state): " AND r.state = \(bindings.add(state)) AND \(Self.isOpen)"
        case .filed(let subject, let state): " AND f.subject = \(bindings.add(subject)) AND f.state = \(bindings.add(state))"
        case .filedByRuntime: " AND f.tenant = \(tenant)"
        }
    }
}
