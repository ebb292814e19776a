import WorkflowModel

/// The filter of the tasks on a run's page. It is in the page's address.
public struct TaskChoice: Hashable, Sendable {
    /// Whether tasks skipped without a failure are hidden.
    public var hidesSkipped: Bool
    /// A stage, counted from 1; nil for all.
    public var stage: Int?
    public var status: TaskStatus?
    /// Whether all tasks are listed, page by page, instead of a selection.
    public var listsAll: Bool
    /// Tasks before the first one on the page.
    public var from: Int
    /// A part of a label or an id; nil for all tasks.
    public var text: String?

    /// Characters of the text, at most.
    public static let longestText = 100

    public init(
        hidesSkipped: Bool = false, stage: Int? = nil, status: TaskStatus? = nil, listsAll: Bool = false, from: Int = 0,
        text: String? = nil
    ) {
        self.hidesSkipped = hidesSkipped
        self.stage = stage
        self.status = status
        self.listsAll = listsAll
        self.from = from
        self.text = text
    }

    private static let all = "all"

    /// Reads an address.
    /// - Throws: ``AddressProblem`` naming what is wrong and what is accepted.
    public init(skipped: String?, stage: String?, tasks: String?, from: String?, text: String?) throws(AddressProblem) {
        self.init(hidesSkipped: skipped == "hide", text: text)
        if let text, text.count > Self.longestText {
            throw AddressProblem(message: "The text is longer than \(Self.longestText) characters. Type a part of a name or an id.")
        }
        func number(_ text: String?, _ name: String, least: Int) throws(AddressProblem) -> Int? {
            guard let text else { return nil }
            guard let number = Int(text), number >= least else {
                throw AddressProblem(message: "Invalid \(name) \(text.prefix(40)). Accepted: a number from \(least).")
            }
            return number
        }
        self.stage = try number(stage, "stage", least: 1)
        self.from = try number(from, "from", least: 0) ?? 0
        guard let tasks else { return }
        listsAll = tasks == Self.all
        status = TaskStatus(rawValue: tasks)
        guard listsAll || status != nil else {
            let names = ([Self.all] + TaskStatus.allCases.map(\.rawValue)).joined(separator: ", ")
            throw AddressProblem(message: "Unknown choice of tasks \(tasks.prefix(40)). Accepted: \(names).")
        }
    }

    var isNarrowed: Bool { stage != nil || status != nil || listsAll || text != nil }

    /// The query with its question mark; empty for the default.
    var query: String {
        PageAddress.query([
            ("skipped", hidesSkipped ? "hide" : nil), ("stage", stage.map { "\($0)" }),
            ("tasks", listsAll ? Self.all : status?.rawValue), ("from", from > 0 ? "\(from)" : nil), ("text", text),
        ])
    }

    func href(of run: RunID) -> String { PageAddress.run(run) + query + "#tasks" }
}

/// The tasks shown on a run's page, and the number of hidden tasks.
struct TaskSelection: Sendable {
    /// Tasks on a page, in its table and its timeline. Every row can change once a second.
    static let most = 50

    /// Indexes into the run's tasks, in the order shown.
    var shown: [Int]
    /// Tasks that match the filter.
    var matching: Int
    /// Of those, the tasks that failed or are running.
    var needingAttention = 0
    /// The index of the page's first task; nil when the page shows a selection.
    var from: Int?

    init(_ tasks: [TaskInstance], _ groups: [StageGroup], _ choice: TaskChoice) {
        let places =
            choice.stage.map { stage in groups.indices.contains(stage - 1) ? groups[stage - 1].places : [] } ?? Array(tasks.indices)
        let text = choice.text?.lowercased()
        let candidates = places.filter { place in
            let status = TaskStatus(tasks[place])
            let isResolved = tasks[place].skipReason == .resolved
            if choice.hidesSkipped, status == .leftOut || status == .notNeeded || (status == .skipped && !isResolved) {
                return false
            }
            if let text, !tasks[place].label.lowercased().contains(text), !tasks[place].definitionID.lowercased().contains(text) {
                return false
            }
            return choice.status == nil || choice.status == status
        }
        matching = candidates.count
        guard candidates.count > Self.most, !choice.isNarrowed else {
            let pages = max(0, candidates.count - 1) / Self.most
            let begin = min(choice.from / Self.most, pages) * Self.most
            let ordered = choice.isNarrowed ? candidates : Self.byAttention(candidates, tasks)
            shown = Array(ordered.dropFirst(begin).prefix(Self.most))
            from = begin
            return
        }
        needingAttention = candidates.count { TaskStatus(tasks[$0]).needsAttention }
        shown = Array(Self.byAttention(candidates, tasks).prefix(Self.most))
    }

    /// Failed tasks first, then running ones, then the rest, each in the order of the run.
    private static func byAttention(_ places: [Int], _ tasks: [TaskInstance]) -> [Int] {
        var ordered: [[Int]] = [[], [], []]
        for place in places { ordered[TaskStatus(tasks[place]).attention].append(place) }
        return ordered.flatMap(\.self)
    }

    var isCut: Bool { shown.count < matching }

    /// The note about hidden tasks; nil when all are shown.
    var note: String? {
        guard isCut else { return nil }
        if let from {
            return "Tasks \(CountText.text(from + 1)) to \(CountText.text(from + shown.count)) of \(CountText.text(matching))."
        }
        let count = "\(CountText.text(shown.count)) of \(CountText.text(matching)) tasks are shown: "
        if needingAttention > shown.count {
            return count + "the first of \(CountText.text(needingAttention)) that failed or are running."
        }
        if needingAttention == shown.count { return count + "the tasks that failed or are running." }
        if needingAttention == 0 { return count + "the first tasks." }
        return count + "all tasks that failed or are running, and the first of the others."
    }
}
