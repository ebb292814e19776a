import WorkflowModel

/// The tasks of a stage, in their order; closing tasks are apart, in one group behind the stages.
struct StageGroup: Sendable {
    /// The name of the group of tasks without a stage, as in imported history.
    static let nameless = "Tasks"

    /// The name of the group of closing tasks.
    static let closing = "Closing tasks"

    var name: String
    /// Indexes into the run's tasks.
    var places: [Int]
    var counts: TaskCounts

    static func groups(_ tasks: [TaskInstance]) -> [StageGroup] {
        let ordinary = tasks.indices.filter { !tasks[$0].when.isClosing }
        var groups: [StageGroup] = []
        var begin = 0
        for end in ordinary.indices.map({ $0 + 1 }) {
            let name = tasks[ordinary[begin]].stage ?? nameless
            guard end == ordinary.count || ExactText(tasks[ordinary[end]].stage ?? nameless) != ExactText(name) else { continue }
            groups.append(StageGroup(name: name, Array(ordinary[begin..<end]), of: tasks))
            begin = end
        }
        let closing = tasks.indices.filter { tasks[$0].when.isClosing }
        if !closing.isEmpty { groups.append(StageGroup(name: Self.closing, closing, of: tasks)) }
        return groups
    }

    private init(name: String, _ places: [Int], of tasks: [TaskInstance]) {
        self.name = name.visible()
        self.places = places
        counts = TaskCounts(places.lazy.map { tasks[$0] })
    }
}
