/// Checks the names in the texts and conditions of tasks, once it is known what each task needs.
struct ExpressionCheck {
    /// With resolved needs.
    let tasks: [ConfigurationTreeReader.WrittenTask]
    let parameters: [ParameterDefinition]
    let complaints: Complaints

    func check() {
        guard !complaints.areOfAcceptedText, tasks.contains(where: { $0.hasExpressions }) else {
            return
        }
        let places = Dictionary(
            tasks.enumerated().map { (ExactText($0.element.definition.id), $0.offset) }, uniquingKeysWith: { first, _ in first })
        var needed = NeededTasks(needs: tasks.map { task in task.definition.needs.compactMap { places[$0] } })
        let names = ReferenceCheck(parameters: parameters)
        let namesOfItems = ReferenceCheck(parameters: parameters, hasItem: true)
        for (index, task) in tasks.enumerated() {
            /// Some names are for the whole task, others for each of its items.
            func check(_ expressions: [WrittenExpression], _ names: ReferenceCheck) {
                for expression in expressions {
                    for reference in expression.references {
                        let problem =
                            if expression.takesResponse, reference.root == .response {
                                names.problem(withResponse: reference)
                            } else {
                                names.problem(with: reference) { id in
                                    guard let place = places[id] else { return noTask(id) }
                                    guard needed.contains(place, of: index) else { return notNeeded(tasks[place], by: task) }
                                    return tasks[place].definition.forEach == nil ? nil : Self.problem(withGroup: reference)
                                }
                            }
                        guard let problem else { continue }
                        complain(task, expression.line, "\(expression.place) names \(reference.quoted), \(problem)")
                    }
                }
            }
            check(task.expressions, task.definition.forEach == nil ? names : namesOfItems)
            check(gate(of: task) + list(of: task), names)
            checkTypes(of: task, names)
        }
    }

    private func list(of task: ConfigurationTreeReader.WrittenTask) -> [WrittenExpression] {
        guard let forEach = task.definition.forEach else { return [] }
        return [WrittenExpression(references: forEach.references, place: "`for_each`", line: task.listLine)]
    }

    /// The outputs of a task with `for_each` are a list: `outputs.load.items[0].rows`.
    private static func problem(withGroup reference: Reference) -> String? {
        guard reference.steps.count > 1 else { return nil }
        let accepted =
            "the outputs of a task with `for_each` are the list `outputs.\(reference.name).items`, in the order of its items"
        guard case .member(let name) = reference.steps[1], name.text.isIdentical(to: "items") else { return "but \(accepted)" }
        if reference.steps.count > 2, case .member = reference.steps[2] {
            return "but \(accepted); name one of them, such as `outputs.\(reference.name).items[0]`"
        }
        return nil
    }

    private func gate(of task: ConfigurationTreeReader.WrittenTask) -> [WrittenExpression] {
        guard let gate = task.definition.gate else { return [] }
        return [WrittenExpression(references: gate.references, place: "`if`", line: task.gateLine)]
    }

    private func checkTypes(of task: ConfigurationTreeReader.WrittenTask, _ names: ReferenceCheck) {
        if let reference = task.definition.forEach?.references.first {
            let kind = names.kind(of: reference)
            if kind != .list, kind != .unknown {
                complain(task, task.listLine, "`for_each` names \(reference.quoted), which is \(kind.words), not a list")
            }
        }
        guard let gate = task.definition.gate else { return }
        do throws(SubstitutionProblem) {
            let kind = try gate.kind(names.kind)
            if let problem = kind.problemAsResult { complain(task, task.gateLine, "`if` \(problem)") }
        } catch {
            complain(task, task.gateLine, "`if` \(error.message)")
        }
    }

    private func noTask(_ id: String) -> String {
        let meant = complaints.isFull ? nil : suggestion(for: id, among: tasks.lazy.map(\.definition.id))
        return "but no task has the id \(id.quoted)" + (meant.map { "; did you mean \($0.quoted)?" } ?? "")
    }

    private func notNeeded(
        _ other: ConfigurationTreeReader.WrittenTask, by task: ConfigurationTreeReader.WrittenTask
    ) -> String {
        let id = other.definition.id
        if id.isIdentical(to: task.definition.id) { return "but a task has no outputs before it has run" }
        return
            "but it does not need \(id.quoted), directly or through others, so that the outputs may not be there; add it to `needs`"
    }

    private func complain(_ task: ConfigurationTreeReader.WrittenTask, _ line: Int, _ message: String) {
        let end = message.hasSuffix("?") ? "" : "."
        complaints.add(line, "Task \(task.definition.id.quoted): \(message)\(end)")
    }
}

extension ConfigurationTreeReader.WrittenTask {
    fileprivate var hasExpressions: Bool { !expressions.isEmpty || definition.gate != nil || definition.forEach != nil }
}

/// Which tasks a task needs, directly or through others. Each task is followed once, because many tasks have the same needs.
private struct NeededTasks {
    private let needs: [[Int]]
    /// Bits of the tasks that are needed; nil where that has not been asked yet.
    private var found: [[UInt64]?]
    private let words: Int

    init(needs: [[Int]]) {
        self.needs = needs
        words = (needs.count + 63) / 64
        found = Array(repeating: nil, count: needs.count)
    }

    mutating func contains(_ task: Int, of dependent: Int) -> Bool {
        resolve(dependent)
        return (found[dependent]?[task / 64] ?? 0) & (1 << UInt64(task % 64)) != 0
    }

    /// Without recursion, because a chain can have as many links as there are tasks. Tasks in a cycle, which is complained of elsewhere, count
    /// as far as they have been followed.
    private mutating func resolve(_ task: Int) {
        guard found[task] == nil else { return }
        var path = [task]
        var isOpen = Array(repeating: false, count: needs.count)
        isOpen[task] = true
        while let last = path.last {
            if let next = needs[last].first(where: { found[$0] == nil && !isOpen[$0] }) {
                isOpen[next] = true
                path.append(next)
                continue
            }
            var bits = [UInt64](repeating: 0, count: words)
            for need in needs[last] {
                bits[need / 64] |= 1 << UInt64(need % 64)
                if let others = found[need] { for word in 0..<words { bits[word] |= others[word] } }
            }
            found[last] = bits
            path.removeLast()
        }
    }
}
