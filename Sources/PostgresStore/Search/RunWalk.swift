import StoreCore
import WorkflowModel

/// A walk of one index in the order of a list: what all runs of it have in common.
enum RunWalk: Hashable {
    /// nil for any.
    case runs(type: Int?, state: RunState?)
    case reruns(of: RunID)
    /// The filed runs of a subject in a state.
    case marks(subject: Int, RunState)
    /// The filed runs of several subjects, each in a state, with the stretches of time that have some. The server reads a step of each,
    /// and sorts them.
    case sharedMarks([MarkKey: [Int64]])
    /// Runs that were found before, which the server sorts.
    case listed([ListedPlace])
    /// The runs of this service that go on, in some states. The server reads a step of each, and sorts them: opening the months for a
    /// walk of each state takes longer than that.
    case open([RunState])
    /// The runs at rest that are not filed.
    case unfiled
    /// The runs in a window of runtimes, in milliseconds: few, which the server sorts by creation.
    case runtimes(from: Int64, to: Int64)

    /// The conditions on the columns between the tenant and the order, each with AND before it.
    /// - Parameter bind: adds a value to the statement and returns its placeholder.
    func conditions(binding bind: (any SQLValue) -> String) -> String {
        switch self {
        case .runs(let type, let state):
            (type.map { " AND type = \(bind($0))" } ?? "") + (state.map { " AND state = \(bind($0))" } ?? "")
        case .reruns(let run): " AND rerun_of = \(bind(run))"
        case .marks, .sharedMarks, .listed, .open, .unfiled, .runtimes: ""
        }
    }

    /// Whether the walk is one of another table, or sorted, so that the runs themselves are read after it.
    var hasPlacesOnly: Bool {
        switch self {
        case .runs, .reruns: false
        case .marks, .sharedMarks, .listed, .open, .unfiled, .runtimes: true
        }
    }

    /// The query for the places of the walk's runs: `value` and `run`, in the order of a list by creation.
    /// - Parameters:
    ///   - range: has its values from $3 on; the tenant is $2, the limit $1, and the months of the list $7 and $8.
    ///   - bind: adds a value to the statement and returns its placeholder.
    func places(_ range: WalkRange, binding bind: (any SQLValue) -> String) -> String {
        switch self {
        case .runs, .reruns:
            return Self.places(of: "runs", "tenant = $2" + conditions(binding: bind), range, "created_at", "id")
        case .marks(let subject, let state):
            return Self.places(
                of: "run_marks", "subject = \(bind(subject)) AND state = \(bind(state))", range, "run_created_at", "run")
        case .sharedMarks(let begins):
            let keys = begins.filter { $0.value.contains { range.meets(stretch: $0) } }.keys.sorted { $0.subject < $1.subject }
            return Self.shared(
                "unnest(\(bind(Column(keys.map(\.subject)))), \(bind(Column(keys.map(\.state))))) AS k (subject, state)",
                Self.places(of: "run_marks", "subject = k.subject AND state = k.state", range, "run_created_at", "run"), range)
        case .open(let states):
            return Self.shared(
                "unnest(\(bind(Column(states)))) AS k (state)",
                Self.places(
                    of: "runs", "tenant = $2 AND state = k.state AND ended_at IS NULL AND configuration IS NOT NULL", range,
                    "created_at", "id"), range)
        case .listed(let runs):
            // An array has the collation of the database.
            return Self.places(
                of: """
                    (SELECT created_at, id COLLATE "C" AS id
                    FROM unnest(\(bind(Column(runs.map(\.createdAt)))), \(bind(Column(runs.map(\.id))))) AS l (created_at, id)) AS s
                    """, "TRUE", range, "created_at", "id")
        case .unfiled: return Self.places(of: "unfiled_runs", "tenant = $2", range, "run_created_at", "run")
        case .runtimes(let from, let to):
            // OFFSET keeps the server from walking by creation. So does a condition on creation that is not in this query.
            return Self.places(
                of: "(SELECT created_at, id FROM runs \(Self.inRuntimes("$2", bind(from), bind(to))) OFFSET 0) AS s", "TRUE", range,
                "created_at", "id")
        }
    }

    /// - Parameter places: those for each row of the keys.
    private static func shared(_ keys: String, _ places: String, _ range: WalkRange) -> String {
        "SELECT m.* FROM \(keys) CROSS JOIN LATERAL (\(places)) AS m \(range.order(by: "value", id: "run")) LIMIT $1"
    }

    private static func places(
        of table: String, _ conditions: String, _ range: WalkRange, _ time: String, _ id: String
    ) -> String {
        """
        SELECT \(time) AS value, \(id) AS run FROM \(table)
        WHERE \(conditions) AND \(range.conditions(first: 3, on: time, id)) AND \(time) >= $7 AND \(time) < $8
        \(range.order(by: time, id: id)) LIMIT $1
        """
    }

    /// The condition of runs in a window of runtimes, from placeholders.
    static func inRuntimes(_ tenant: String, _ from: String, _ to: String) -> String {
        """
        WHERE tenant = \(tenant) AND ended_at IS NOT NULL AND \(RunSortKey.runtime.sql) >= \(from)
            AND \(RunSortKey.runtime.sql) < \(to)
        """
    }
}

/// A subject, and a state of its filed runs.
struct MarkKey: Hashable {
    var subject: Int
    var state: RunState
}

/// The place of a run in a list by creation.
struct ListedPlace: Hashable {
    var createdAt: Timestamp
    var id: RunID
}

/// The walks by which the runs of a filter are read in one order: they are merged, and no run is in two of them.
struct RunWalks {
    /// Walks of one statement. Each opens an index of every month.
    static let most = RunState.allCases.count
    /// Walks of a statement with marks.
    static let mostWithMarks = 32

    let key: RunSortKey
    private(set) var walks: [RunWalk]
    /// Whether every run of the walks matches the filter, with the bounds of the order's own window.
    private(set) var areComplete: Bool
    /// When the runs of the marks were created.
    private(set) var marks = MarkStretches()

    /// Walks of filed runs and others, in a list by creation.
    init(filed walks: [RunWalk], _ marks: MarkStretches = MarkStretches()) {
        (key, self.walks, areComplete) = (.created, walks, false)
        self.marks = marks
    }

    /// Walks of indexes of runs alone.
    /// - Parameter filter: one that requires an end, where the order leaves out runs that have not ended.
    init(_ filter: RunFilter, by key: RunSortKey, _ selection: RunSelection) {
        self.key = key
        // The conditions that the walks do not check.
        var rest = filter
        switch key {
        case .created: rest.created = nil
        case .ended: rest.ended = nil
        case .runtime:
            rest.runtime = nil
            if rest.ended == TimeWindow() { rest.ended = nil }
        }
        if selection.types == .any { rest.types = TextChoice() }
        if selection.principals == .any { rest.principals = TextChoice() }
        walks = [.runs(type: nil, state: nil)]
        if key == .created, let run = filter.rerunOf {
            walks = [.reruns(of: run)]
            rest.rerunOf = nil
        } else if key != .runtime {
            walks = Self.walks(of: filter, selection, rest: &rest)
        }
        areComplete = rest == RunFilter()
    }

    /// A walk for each type and state, or for the types or the states alone where those would be too many.
    private static func walks(of filter: RunFilter, _ selection: RunSelection, rest: inout RunFilter) -> [RunWalk] {
        var types: [Int?] = [nil]
        if case .of(let numbers) = selection.types, numbers.count <= most {
            types = numbers.sorted()
            rest.types = TextChoice()
        }
        let states = filter.statesToWalk?.map(Optional.some) ?? [nil]
        if filter.statesToWalk == nil { rest.states = nil }
        guard types.count * states.count <= most else { return types.map { .runs(type: $0, state: nil) } }
        rest.states = nil
        return types.flatMap { type in states.map { .runs(type: type, state: $0) } }
    }
}
