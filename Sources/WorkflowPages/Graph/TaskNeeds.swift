import WorkflowModel

/// The tasks that each task of a run needs, by their indexes in the run.
struct TaskNeeds: Sendable {
    /// Empty lists when the definition of the run is not known, as in imported history.
    let needs: [[Int]]
    /// The indexes, each behind its needs.
    private let order: [Int]
    /// The closing tasks. They need every other task, most of them through another one.
    private let closing: Set<Int>

    init(_ tasks: [TaskInstance], _ configuration: WorkflowConfiguration?) {
        self.init(
            (configuration?.tasks ?? []).map { (id: $0.id, needs: $0.needs) }, tasks.map { ($0.definitionID, $0.when.isClosing) })
    }

    /// The needs of a definition, by the indexes of its tasks.
    init(_ configuration: WorkflowConfiguration) {
        self.init(configuration.tasks.map { (id: $0.id, needs: $0.needs) }, configuration.tasks.map { ($0.id, $0.when.isClosing) })
    }

    private init(_ definitions: [(id: String, needs: [String])], _ tasks: [(id: String, isClosing: Bool)]) {
        let ids = tasks.map(\.id)
        closing = Set(tasks.indices.filter { tasks[$0].isClosing })
        let places = Dictionary(ids.enumerated().map { (ExactText($1), $0) }, uniquingKeysWith: { first, _ in first })
        let byID = Dictionary(definitions.map { (ExactText($0.id), $0.needs) }, uniquingKeysWith: { first, _ in first })
        let needs = ids.map { id in (byID[ExactText(id)] ?? []).compactMap { places[ExactText($0)] }.sorted() }
        var waiting = needs.map(\.count)
        var dependents: [[Int]] = Array(repeating: [], count: needs.count)
        for (place, sources) in needs.enumerated() { for source in sources { dependents[source].append(place) } }
        var order = needs.indices.filter { waiting[$0] == 0 }
        var next = 0
        while next < order.count {
            for dependent in dependents[order[next]] {
                waiting[dependent] -= 1
                if waiting[dependent] == 0 { order.append(dependent) }
            }
            next += 1
        }
        (self.needs, self.order) = (needs, order)
    }

    /// The needs that a graph draws: of a closing task only those that no other of its needs leads to.
    var drawn: [[Int]] {
        guard !closing.isEmpty else { return needs }
        var reached: [Set<Int>] = Array(repeating: [], count: needs.count)
        for place in order { reached[place] = needs[place].reduce(into: []) { $0.formUnion(reached[$1].union([$1])) } }
        return needs.enumerated().map { place, own in
            guard closing.contains(place) else { return own }
            let indirect = own.reduce(into: Set<Int>()) { $0.formUnion(reached[$1]) }
            return own.filter { !indirect.contains($0) }
        }
    }

    /// The number of needs of all tasks.
    var count: Int { needs.reduce(0) { $0 + $1.count } }
    var isKnown: Bool { needs.contains { !$0.isEmpty } }

    /// For each task that did not run because of a failure: the failed and stopped tasks at the begin of the chain.
    func roots(_ tasks: [TaskInstance]) -> [Int: [Int]] {
        var roots: [Set<Int>] = Array(repeating: [], count: needs.count)
        for place in order {
            for need in needs[place] {
                switch tasks[need].state {
                case .failed, .canceled: roots[place].insert(need)
                default: roots[place].formUnion(roots[need])
                }
            }
        }
        let notRun = order.filter { tasks[$0].skipReason == .failedNeed && !roots[$0].isEmpty }
        return Dictionary(uniqueKeysWithValues: notRun.map { ($0, roots[$0].sorted()) })
    }

    /// The tasks that the duration of a run consists of: back from the task that ended last, always to the need that ended last.
    func criticalPath(_ times: [TaskTimes]) -> Set<Int> {
        func last(_ places: some Sequence<Int>) -> Int? {
            places.compactMap { place in times[place].completed.map { (end: $0, place: place) } }
                .max { ($0.end, $1.place) < ($1.end, $0.place) }?.place
        }
        guard isKnown, var place = last(times.indices) else { return [] }
        var path: Set<Int> = [place]
        while let before = last(needs[place]), path.insert(before).inserted { place = before }
        return path.count > 1 ? path : []
    }

    /// The need that ended last, and when; nil without one that ran.
    func lastNeed(of place: Int, _ times: [TaskTimes]) -> (label: String, end: Timestamp)? {
        needs[place].compactMap { need in times[need].completed.map { (label: times[need].task.label.visible(), end: $0) } }
            .max { $0.end < $1.end }
    }
}
