/// Resolves the needs of tasks, and reports the invalid ones: duplicate ids, unknown tasks, tasks of later stages, needs of and for
/// closing tasks, and cycles.
struct NeedsCheck {
    let tasks: [ConfigurationTreeReader.WrittenTask]
    let stages: [String]
    let complaints: Complaints

    private var ordinary: some BidirectionalCollection<ConfigurationTreeReader.WrittenTask> {
        tasks.lazy.filter { !$0.definition.when.isClosing }
    }

    /// The tasks with the ids of everything that they need.
    func resolved() -> [ConfigurationTreeReader.WrittenTask] {
        let places = placesByID()
        var resolved = tasks
        for index in tasks.indices {
            resolved[index].definition.needs =
                tasks[index].needs.map { checked($0, of: tasks[index], places) } ?? defaultNeeds(of: tasks[index])
        }
        for (task, written) in zip(resolved, tasks) where task.definition.when.isClosing && task.definition.needs.isEmpty {
            complainOfNothingToClose(written)
        }
        complainOfCircles(in: resolved, places)
        return resolved
    }

    /// The position of the first task with each id.
    private func placesByID() -> [ExactText: Int] {
        var places: [ExactText: Int] = [:]
        for (index, task) in tasks.enumerated() {
            let id = task.definition.id
            if let first = places[id] {
                complaints.add(
                    task.line,
                    "The task id \(id.quoted) is already used by the task in line \(tasks[first].line). Ids are unique in the "
                        + "whole configuration.")
            } else {
                places[id] = index
            }
        }
        return places
    }

    /// All tasks of the nearest earlier stage that has tasks; for a closing task, all tasks of its own and earlier stages. Closing
    /// tasks are never among them.
    private func defaultNeeds(of task: ConfigurationTreeReader.WrittenTask) -> [String] {
        if task.definition.when.isClosing {
            return ordinary.filter { $0.stage <= task.stage }.map(\.definition.id)
        }
        guard let before = ordinary.last(where: { $0.stage < task.stage })?.stage else { return [] }
        return ordinary.filter { $0.stage == before }.map(\.definition.id)
    }

    private func complainOfNothingToClose(_ task: ConfigurationTreeReader.WrittenTask) {
        let place = "Task \(task.definition.id.quoted)"
        let when = "`when: \(task.definition.when.rawValue)`"
        switch task.needs {
        case nil:
            complaints.add(
                task.line,
                "\(place): with \(when) it runs after the tasks of its own and earlier stages have ended, but these have no task without "
                    + "`when`. Move it to a later stage.")
        case let needs? where needs.isEmpty:
            complaints.add(
                task.needsLine,
                "\(place): with \(when) it runs after the tasks that it needs have ended, so that `needs` must name at least one; leave "
                    + "`needs` out for all tasks of its own and earlier stages.")
        // The needs themselves have been complained of.
        default: break
        }
    }

    private func checked(
        _ needs: [(id: String, line: Int)], of task: ConfigurationTreeReader.WrittenTask, _ places: [ExactText: Int]
    ) -> [String] {
        let place = "Task \(task.definition.id.quoted)"
        var accepted: [String] = []
        var seen: Set<ExactText> = []
        for need in needs {
            if !seen.insert(need.id) {
                complaints.add(need.line, "\(place): `needs` names \(need.id.quoted) twice.")
            } else if need.id.isIdentical(to: task.definition.id) {
                complaints.add(need.line, "\(place): it needs itself. A task may need tasks of its own or an earlier stage.")
            } else if let index = places[need.id] {
                if tasks[index].stage > task.stage {
                    complaints.add(
                        need.line,
                        "\(place): it needs \(need.id.quoted), which is in the later stage \(stages[tasks[index].stage].quoted). A task "
                            + "may need tasks of its own or an earlier stage.")
                } else if tasks[index].definition.when.isClosing, !task.definition.when.isClosing {
                    complaints.add(
                        need.line,
                        "\(place): it needs \(need.id.quoted), which has `when: \(tasks[index].definition.when.rawValue)`. Only a task with "
                            + "`when: failure` or `when: always` may need such a task.")
                } else {
                    accepted.append(need.id)
                }
            } else {
                let meant = complaints.isFull ? nil : suggestion(for: need.id, among: tasks.lazy.map(\.definition.id))
                let hint = meant.map { "; did you mean \($0.quoted)?" } ?? "."
                complaints.add(need.line, "\(place): it needs \(need.id.quoted), but no task has that id\(hint)")
            }
        }
        return accepted
    }

    /// Reports each cycle once, with the tasks in it.
    private func complainOfCircles(in resolved: [ConfigurationTreeReader.WrittenTask], _ places: [ExactText: Int]) {
        let needs = resolved.map { $0.definition.needs.compactMap { places[$0] } }
        var order = SettlingOrder(needs: needs)
        order.settle(tasks.indices.filter { needs[$0].isEmpty })
        while let start = order.open.min() {
            // Every open task needs another open task, so following the needs must reach a task twice.
            var path = [start]
            while let next = path.last.flatMap({ last in needs[last].first { order.open.contains($0) } }) {
                if let begin = path.firstIndex(of: next) {
                    complain(circle: Array(path[begin...]))
                    break
                }
                path.append(next)
            }
            order.settle(path)
        }
    }

    private func complain(circle: [Int]) {
        let first = circle.enumerated().min { $0.element < $1.element }?.offset ?? 0
        let turned = Array(circle[first...] + circle[..<first])
        let ids = turned + turned.prefix(1)
        let shown = ids.count > 12 ? Array(ids.prefix(6)) + Array(ids.suffix(5)) : ids
        var names = shown.map { tasks[$0].definition.id.quoted }
        if ids.count > 12 { names.insert("… \(ids.count - 11) more …", at: 6) }
        let line = turned.first.map { tasks[$0].needs?.first?.line ?? tasks[$0].line }
        complaints.add(
            line, "These tasks need each other in a cycle: \(names.joined(separator: " → ")). Remove one of the needs.")
    }
}

/// Removes tasks whose needs have all been removed. The tasks that remain are in a cycle, or depend on one.
private struct SettlingOrder {
    private(set) var open: Set<Int>
    private var openNeeds: [Int]
    private var dependents: [[Int]]

    init(needs: [[Int]]) {
        open = Set(needs.indices)
        openNeeds = needs.map(\.count)
        dependents = Array(repeating: [], count: needs.count)
        for (task, needs) in needs.enumerated() {
            for need in needs { dependents[need].append(task) }
        }
    }

    mutating func settle(_ tasks: [Int]) {
        var waiting = tasks
        while let task = waiting.popLast() {
            guard open.remove(task) != nil else { continue }
            for dependent in dependents[task] {
                openNeeds[dependent] -= 1
                if openNeeds[dependent] == 0 { waiting.append(dependent) }
            }
        }
    }
}
