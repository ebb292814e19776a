import Mustache
import WorkflowModel

/// The graph of a run or of a definition: tasks from left to right by their needs.
struct Graph: Sendable {
    /// Tasks drawn one by one, at most. A larger graph shows its stages.
    static let mostTasks = 200
    /// Needs of a graph with single tasks, at most. An edge over several layers has a bend in each.
    static let mostNeeds = 1_000
    /// Tasks of a graph that is part of another page, at most: the page stays light.
    static let mostInPage = 40
    /// Needs of such a graph, at most.
    static let mostNeedsInPage = 100
    /// Characters of a label, at most.
    private static let longestLabel = 20

    struct Node: Sendable, MustacheParent {
        var href: String?
        var label: String
        /// The whole label and the state.
        var title: String
        var x: Int
        var y: Int
        var tone: String
        /// nil for a definition.
        var icon: String?
        /// Whether the Tab key stops here. The arrow keys reach every node.
        var isStop: Bool

        func child(named name: String) -> Any? {
            switch name {
            case "href": href
            case "label": label
            case "title": title
            case "x": x
            case "y": y
            case "tone": tone
            case "icon": icon
            case "isStop": isStop
            default: nil
            }
        }
    }

    struct Line: Sendable, MustacheParent {
        var path: String
        /// Whether it leads to a task that did not run because of a failure.
        var isBlocked: Bool

        func child(named name: String) -> Any? {
            switch name {
            case "path": path
            case "isBlocked": isBlocked
            default: nil
            }
        }
    }

    var width: Int
    var height: Int
    var nodes: [Node]
    var lines: [Line]
    /// A note when stages are drawn instead of tasks.
    var note: String?
    /// The states of the nodes in their order, as a script reads them after a change.
    var states: String

    /// The graph of a run.
    init?(_ details: WorkflowRunDetails, _ needs: TaskNeeds) {
        let tasks = details.tasks
        guard needs.isKnown else { return nil }
        guard Self.isTooLarge(needs) else {
            self.init(
                tasks.map {
                    Item(
                        label: $0.label, count: $0.fan?.counts?.total, state: StateText($0),
                        href: PageAddress.task($0.id, of: details.run.id))
                }, needs.drawn)
            return
        }
        let groups = StageGroup.groups(tasks)
        self.init(
            groups.enumerated().map { index, group in
                var choice = TaskChoice()
                choice.stage = index + 1
                return Item(
                    label: "\(group.name) (\(CountText.text(group.places.count)))", words: group.counts.words,
                    state: group.counts.state, href: choice.href(of: details.run.id))
            }, Self.stages(groups.map(\.places), needs))
        note = Self.note(tasks.count)
    }

    /// The graph of a definition.
    init?(_ configuration: WorkflowConfiguration) {
        let (tasks, needs) = (configuration.tasks, TaskNeeds(configuration))
        guard !tasks.isEmpty else { return nil }
        guard Self.isTooLarge(needs) else {
            self.init(
                tasks.map { Item(label: $0.label, words: $0.type.visible(), hasItems: $0.forEach != nil) }, needs.drawn)
            return
        }
        var places: [[Int]] = []
        for stage in configuration.stages {
            let begin = places.reduce(0) { $0 + $1.count }
            places.append(Array(begin..<begin + stage.tasks.count))
        }
        self.init(
            configuration.stages.map { Item(label: "\($0.name) (\(CountText.text($0.tasks.count)))") }, Self.stages(places, needs))
        note = Self.note(tasks.count)
    }

    private static func isTooLarge(_ needs: TaskNeeds) -> Bool {
        needs.needs.count > mostTasks || needs.count > mostNeeds
    }

    /// Whether a graph of single tasks is light enough to be part of another page.
    static func fitsInPage(_ needs: TaskNeeds) -> Bool {
        needs.needs.count <= mostInPage && needs.count <= mostNeedsInPage
    }

    private static func note(_ count: Int) -> String {
        "The graph shows stages: \(CountText.text(count)) tasks with their needs are too many to draw."
    }

    /// The earlier stages that a stage needs.
    private static func stages(_ stages: [[Int]], _ needs: TaskNeeds) -> [[Int]] {
        var stage = Array(repeating: 0, count: needs.needs.count)
        for (index, places) in stages.enumerated() { for place in places { stage[place] = index } }
        return stages.enumerated().map { index, places in
            Set(places.flatMap { needs.needs[$0].map { stage[$0] } }).filter { $0 < index }.sorted()
        }
    }

    private struct Item {
        var label: String
        /// The items of a fan-out task; nil for another task, and until they are known.
        var count: Int?
        var words: String?
        var hasItems = false
        var state: StateText?
        var href: String?

        /// How many times it runs, as the node says it; empty for once.
        var times: String { count.map { " ×\(CountText.text($0))" } ?? (hasItems ? " ×n" : "") }
    }

    private init(_ items: [Item], _ needs: [[Int]]) {
        let layout = GraphLayout(needs: needs)
        (width, height) = (Int(layout.width.rounded(.up)) + 4, Int(layout.height.rounded(.up)) + 4)
        let hasStops = items.contains { ["failed", "active"].contains($0.state?.tone) }
        nodes = items.enumerated().map { index, item in
            let (label, place) = (item.label.visible(), layout.places[index])
            let words = [item.state?.label, item.words].compactMap(\.self).joined(separator: ", ")
            // The number of items is never cut off.
            let room = Self.longestLabel - item.times.count
            let shown = label.count > room ? "\(label.prefix(room - 1))…" : label
            return Node(
                href: item.href, label: shown + item.times,
                title: label + item.times + (words.isEmpty ? "" : ": \(words)"), x: Int(place.x.rounded()) + 2,
                y: Int((place.y - GraphLayout.nodeHeight / 2).rounded()) + 2, tone: item.state?.tone ?? Tone.waiting.rawValue,
                icon: item.state?.icon,
                isStop: hasStops ? ["failed", "active"].contains(item.state?.tone) : index == 0)
        }
        lines = layout.curves.map { curve in
            Line(
                path: Self.path(curve.points),
                isBlocked: items.indices.contains(curve.to) && items[curve.to].state?.tone == "blocked")
        }
        states = items.map { $0.state.map { "\($0.tone):\($0.icon):\($0.label)" } ?? "" }.joined(separator: "|")
    }

    /// Curves between layers, and straight lines within one.
    private static func path(_ points: [GraphLayout.Place]) -> String {
        var path = ""
        for (index, point) in points.enumerated() {
            let (x, y) = (Int(point.x.rounded()) + 2, Int(point.y.rounded()) + 2)
            if index == 0 {
                path = "M\(x) \(y)"
            } else if index % 2 == 1 {
                let before = points[index - 1]
                let middle = Int(((before.x + point.x) / 2).rounded()) + 2
                path += "C\(middle) \(Int(before.y.rounded()) + 2) \(middle) \(y) \(x) \(y)"
            } else {
                path += "H\(x)"
            }
        }
        return path
    }
}
