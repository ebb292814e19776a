import StoreCore
import WorkflowModel

/// The conditions of a filter that a walk of an index fulfils by itself, because it reads only runs that match them.
struct WalkedConditions: OptionSet, Hashable, Sendable {
    let rawValue: Int

    static let created = WalkedConditions(rawValue: 1)
    static let ended = WalkedConditions(rawValue: 2)
    static let runtime = WalkedConditions(rawValue: 4)
    static let states = WalkedConditions(rawValue: 8)
    static let types = WalkedConditions(rawValue: 16)
    static let rerunOf = WalkedConditions(rawValue: 32)
}

/// The conditions that a search checks for each run of a walk, as an expression over columns of `runs AS r`.
///
/// It has every condition of the filter but those of the walk and the words: Swift checks the words with ``RunWords``, because SQLite
/// knows no case but that of ASCII. Numbers stand in the text of the expression, texts are bound.
struct RunConditions {
    private var parts: [String] = []

    init(_ numbered: NumberedFilter, beside walk: WalkedConditions, in bindings: inout SQLBindings) {
        let filter = numbered.filter
        if !walk.contains(.created), let window = filter.created { add("r.created_at", in: SortRange(window)) }
        if !walk.contains(.ended), let window = filter.ended { add("r.ended_at", in: SortRange(window)) }
        if !walk.contains(.runtime), let window = filter.runtime { add("r.runtime_ms", in: SortRange(window)) }
        if !walk.contains(.states), let states = filter.states { add("r.state", .of(Set(states.map { Int($0.code) }))) }
        if !walk.contains(.types) { add("r.type", numbered.types) }
        add("r.principal", numbered.principals)
        add(RunColumns.configuration, filter.configurations, &bindings)
        let attributions = filter.attributions.map { Set($0.map { ExactText($0.rawValue) }) }
        add("r.error_attribution", TextChoice(included: attributions), &bindings)
        add("r.error_type", filter.errorTypes, &bindings)
        for label in filter.labels.included.sorted() { parts.append("\(Self.place(of: label, &bindings)) > 0") }
        for label in filter.labels.excluded.sorted() { parts.append("ifnull(\(Self.place(of: label, &bindings)), 0) = 0") }
        if let runMode = filter.runMode { parts.append("r.run_mode = \(bindings.add(runMode))") }
        if let schedule = filter.schedule { parts.append("r.schedule = \(bindings.add(schedule))") }
        if !walk.contains(.rerunOf), let run = filter.rerunOf { parts.append("r.rerun_of = \(bindings.add(run))") }
        if let least = filter.attemptsFrom { parts.append("r.attempts >= \(least)") }
        if let hasWarnings = filter.hasWarnings { parts.append(hasWarnings ? "r.warnings > 0" : "r.warnings = 0") }
    }

    /// NULL for a run without a value that a condition asks for: it does not match.
    var sql: String { parts.isEmpty ? "TRUE" : parts.joined(separator: " AND ") }

    private mutating func add(_ column: String, in range: SortRange) {
        parts.append("\(column) IS NOT NULL")
        if let from = range.from { parts.append("\(column) >= \(from)") }
        if let to = range.to { parts.append("\(column) < \(to)") }
    }

    private mutating func add(_ column: String, _ choice: NumberChoice) {
        func list(_ numbers: Set<Int>) -> String { numbers.sorted().map(String.init).joined(separator: ", ") }
        switch choice {
        case .any: break
        case .of(let numbers): parts.append("\(column) IN (\(list(numbers)))")
        case .except(let numbers): parts.append("\(column) NOT IN (\(list(numbers)))")
        }
    }

    private mutating func add(_ column: String, _ choice: TextChoice, _ bindings: inout SQLBindings) {
        func list(_ texts: Set<ExactText>) -> String { texts.sortedTexts.map { bindings.add($0) }.joined(separator: ", ") }
        if let included = choice.included { parts.append("\(column) IN (\(list(included)))") }
        if !choice.excluded.isEmpty { parts.append("(\(column) IS NULL OR \(column) NOT IN (\(list(choice.excluded))))") }
    }

    /// The labels of a run are one text with commas between them, and no label contains a comma.
    private static func place(of label: RunLabel, _ bindings: inout SQLBindings) -> String {
        "instr(',' || r.labels || ',', \(bindings.add(",\(label),")))"
    }
}
