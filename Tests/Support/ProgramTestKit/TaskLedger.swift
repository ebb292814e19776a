import Foundation
public import WorkflowModel

/// A file to which tasks append a line when an attempt begins and when it ends. Tests compare it with the service's record.
public struct TaskLedger: Sendable {
    /// A task for `sh`: appends its lines to `ledger` beside the script, and sleeps in between for the seconds in its argument.
    ///
    /// Each line is one append, so that tasks of all nodes can share the file.
    public static let script = """
        echo "began $WEIR_WORKFLOW_ID $WEIR_TASK_ID $WEIR_ATTEMPT $$" >> ledger
        test -z "$1" || sleep "$1"
        echo "ended $WEIR_WORKFLOW_ID $WEIR_TASK_ID $WEIR_ATTEMPT $$" >> ledger

        """

    public struct Entry: Hashable, Sendable {
        public var word: String
        public var run: String
        public var task: String
        public var attempt: Int
        public var process: Int32
    }

    public let entries: [Entry]
    private let byTask: [String: [Entry]]

    public init(_ text: String) {
        entries = text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 5, let attempt = Int(words[3]), let process = Int32(words[4]) else { return nil }
            return Entry(word: words[0], run: words[1], task: words[2], attempt: attempt, process: process)
        }
        byTask = Dictionary(grouping: entries, by: \.task)
    }

    /// The runs with at least one line.
    public var runs: Set<String> { Set(entries.map(\.run)) }

    public func entries(of task: TaskID) -> [Entry] { byTask[task.rawValue] ?? [] }

    /// Differences between the service's record of a successful run and the lines of its tasks.
    public func contradictions(
        to details: WorkflowRunDetails, _ attempts: [TaskAttemptRecord]
    ) -> [String] {
        var found: [String] = []
        if details.run.state != .succeeded {
            found.append("\(details.run.id) is \(details.run.state.rawValue): \(details.run.error?.message ?? "no error")")
        }
        for task in details.tasks {
            let recorded = attempts.filter { $0.task == task.id }
            let begun = entries(of: task.id).filter { $0.word == "began" }.map(\.attempt)
            let ended = Set(entries(of: task.id).filter { $0.word == "ended" }.map(\.attempt))
            let numbers = Set(recorded.map(\.number))
            let accepted = recorded.filter { $0.outcome == .succeeded }.map(\.number)
            func complain(_ text: String) { found.append("\(task.id): \(text)") }
            if Set(begun).count != begun.count { complain("an attempt ran twice: \(begun)") }
            if numbers.count != recorded.count { complain("an attempt is recorded twice: \(recorded.map(\.number))") }
            if !Set(begun).isSubset(of: numbers) { complain("\(begun) began, \(numbers.sorted()) are recorded") }
            if recorded.contains(where: { $0.outcome == nil }) { complain("an attempt never ended") }
            if accepted.count != 1 { complain("\(accepted.count) attempts succeeded") }
            if !ended.isSuperset(of: accepted) { complain("\(accepted) succeeded, and only \(ended.sorted()) ended") }
        }
        return found
    }
}
