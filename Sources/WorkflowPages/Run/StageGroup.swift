import WorkflowModel

/// The tasks of a stage, in their order.
struct StageGroup: Sendable {
    /// The name of the group of tasks without a stage, as in imported history.
    static let nameless = "Tasks"

    var name: String
    /// Indexes into the run's tasks.
    var places: Range<Int>
    var counts: TaskCounts

    static func groups(_ tasks: [TaskInstance]) -> [StageGroup] {
        var groups: [StageGroup] = []
        var begin = 0
        for end in tasks.indices.map({ $0 + 1 }) {
            let name = tasks[begin].stage ?? nameless
            guard end == tasks.count || ExactText(tasks[end].stage ?? nameless) != ExactText(name) else { continue }
            groups.append(StageGroup(name: name.visible(), places: begin..<end, counts: TaskCounts(tasks[begin..<end])))
            begin = end
        }
        return groups
    }
}
