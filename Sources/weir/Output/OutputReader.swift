import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowOperations

/// Reads the output of a run's tasks, piece by piece.
struct OutputReader {
    let client: WorkflowClient
    let run: RunID
    let tasks: [TaskInstance]
    let printer: OutputPrinter
    var view = OutputView()
    var time: any TimeSource = SystemTime()

    /// Prints the current output of all tasks with few requests: one page holds the output of many tasks.
    /// - Parameter attempt: nil for the latest attempt of each task.
    /// - Returns: the position up to which each task was read.
    @discardableResult
    func printAll(attempt: Int?) async throws -> [TaskID: Place] {
        let byID = Dictionary(tasks.map { ($0.id, $0) }) { first, _ in first }
        var places: [TaskID: Place] = [:]
        var token: String?
        repeat {
            let page = try await client.output(of: run, attempt: attempt, nextToken: token, as: view)
            for piece in page.slices {
                guard let task = byID[piece.task] else { continue }
                var place = places[task.id] ?? Place(attempt: piece.slice.attempt)
                try printer.print(piece.slice, of: task, askedFrom: place.offset)
                place.advance(beyond: ShownOutput(slice: piece.slice, next: piece.next))
                places[task.id] = place
            }
            token = page.nextToken
        } while token != nil
        return places
    }

    /// Prints the current output of a few tasks, one after the other.
    /// - Parameter attempt: nil for the latest attempt of each task.
    func printEach(attempt: Int?) async throws {
        for task in tasks {
            var place = Place(attempt: attempt)
            do {
                while try await read(task, &place) {}
            } catch let error as ClientError where error.code == .refused(.notFound) && attempt == nil {
                continue
            }
        }
    }

    /// Prints until the run has ended: the latest attempt of each task, and later ones.
    /// - Parameter isWhole: whether `tasks` are all tasks of the run.
    func follow(isWhole: Bool) async throws {
        var places: [TaskID: Place] = [:]
        var isFirst = true
        while true {
            // The state is read before the output, so that the end of the output is not missed.
            let details = try await client.run(run)
            let hasEnded = details.run.state.hasEnded
            // Items of a task are there once its list is resolved.
            let tasks = newest(details)
            let attempts = Dictionary(grouping: try await client.attempts(of: run), by: \.task)
            if isFirst, isWhole { places = try await beginning(attempts) }
            isFirst = false
            for task in tasks {
                guard let newest = attempts[task.id]?.map(\.number).max() else { continue }
                var place = places[task.id] ?? Place(attempt: newest)
                repeat {
                    while try await read(task, &place) {}
                } while place.isOver && place.advance(upTo: newest)
                places[task.id] = place
            }
            if hasEnded { return }
            try await time.sleep(for: RunWatch.interval)
        }
    }

    /// The tasks to read, with the items that have been added since. Items follow their group, so that they are printed before the tasks
    /// that need it.
    private func newest(_ details: WorkflowRunDetails) -> [TaskInstance] {
        let names = Set(tasks.map { ExactText($0.definitionID) })
        let isGroup = { (task: TaskInstance) in task.fan != nil || task.item != nil }
        guard details.tasks.contains(where: isGroup) else { return tasks }
        let known = Set(tasks.map(\.id))
        let all =
            tasks
            + details.items.filter { item in
                guard names.contains(ExactText(item.definitionID)), !known.contains(item.id), let group = item.id.asItem?.group
                else {
                    return false
                }
                return tasks.contains { $0.id == group }
            }
        let groups = Set(all.lazy.filter { $0.fan != nil }.map(\.id))
        func group(of task: TaskInstance) -> TaskID? {
            guard task.item != nil, let group = task.id.asItem?.group, groups.contains(group) else { return nil }
            return group
        }
        let items = Dictionary(grouping: all, by: group)
        return all.filter { group(of: $0) == nil }.flatMap { [$0] + (items[$0.id] ?? []) }
    }

    /// Prints the output so far. An ended attempt without output needs no further requests.
    private func beginning(_ attempts: [TaskID: [TaskAttemptRecord]]) async throws -> [TaskID: Place] {
        var places = try await printAll(attempt: nil)
        for (task, own) in attempts where places[task] == nil {
            guard let newest = own.max(by: { $0.number < $1.number }), newest.endedAt != nil else { continue }
            places[task] = Place(attempt: newest.number, isOver: true)
        }
        return places
    }

    /// - Returns: whether more output may be available now.
    private func read(_ task: TaskInstance, _ place: inout Place) async throws -> Bool {
        guard !place.isOver else { return false }
        let before = place.offset
        let piece = try await client.shownOutput(of: task.id, in: run, attempt: place.attempt, from: before, as: view)
        try printer.print(piece.slice, of: task, askedFrom: before)
        place.advance(beyond: piece)
        return !piece.slice.isLast && piece.next > before
    }

    /// The position up to which the output of a task was read.
    struct Place {
        var attempt: Int?
        var offset = 0
        var isOver = false

        mutating func advance(beyond piece: ShownOutput) {
            attempt = piece.slice.attempt
            offset = piece.next
            isOver = piece.slice.isLast
        }

        /// Moves to the next attempt.
        /// - Returns: false when there is none.
        mutating func advance(upTo newest: Int) -> Bool {
            guard let attempt, attempt < newest else { return false }
            self = Place(attempt: attempt + 1)
            return true
        }
    }
}
