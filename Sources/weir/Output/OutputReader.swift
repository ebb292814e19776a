import WorkflowAPI
import WorkflowClient
import WorkflowModel

/// Reads what the tasks of a run printed, piece by piece.
struct OutputReader {
    let client: WorkflowClient
    let run: RunID
    let tasks: [TaskInstance]
    let printer: OutputPrinter
    var time: any TimeSource = SystemTime()

    /// Prints what there is now.
    /// - Parameter attempt: nil for the newest one of each task.
    func printOnce(attempt: Int?) async throws {
        for task in tasks {
            var place = Place(attempt: attempt)
            do {
                while try await read(task, &place) {}
            } catch let error as ClientError where error.code == .refused(.notFound) && attempt == nil {
                continue
            }
        }
    }

    /// Prints until the run has ended: of each task the newest attempt, and all that follow it.
    func follow() async throws {
        var places: [TaskID: Place] = [:]
        while true {
            // Asked for before the output is read, so that what was printed at the very end is not missed.
            let hasEnded = try await client.run(run).run.state.hasEnded
            let attempts = try await client.attempts(of: run)
            for task in tasks {
                let numbers = attempts.filter { $0.task == task.id }.map(\.number)
                guard let newest = numbers.max() else { continue }
                var place = places[task.id] ?? Place(attempt: newest)
                repeat {
                    while try await read(task, &place) {}
                } while place.isOver && place.goOn(upTo: newest)
                places[task.id] = place
            }
            if hasEnded { return }
            try await time.sleep(for: RunWatch.interval)
        }
    }

    /// - Returns: whether there may be more at once.
    private func read(_ task: TaskInstance, _ place: inout Place) async throws -> Bool {
        guard !place.isOver else { return false }
        let slice = try await client.output(of: task.id, in: run, attempt: place.attempt, from: place.offset)
        printer.print(slice, of: task, askedFrom: place.offset)
        place.attempt = slice.attempt
        place.offset = slice.offset + slice.bytes.count
        place.isOver = slice.isLast
        return !slice.isLast && !slice.bytes.isEmpty
    }

    /// How far the output of a task has been read.
    private struct Place {
        var attempt: Int?
        var offset = 0
        var isOver = false

        /// Turns to the attempt after this one.
        /// - Returns: whether there is one.
        mutating func goOn(upTo newest: Int) -> Bool {
            guard let attempt, attempt < newest else { return false }
            self = Place(attempt: attempt + 1)
            return true
        }
    }
}
