import Mustache
import WorkflowModel

/// What a task waits for, in words, since when, and the way to what holds it.
struct WaitLine: Sendable, MustacheParent {
    struct Holder: Sendable, MustacheParent {
        var href: String
        var label: String

        init(_ holder: LimitHolder) {
            href = holder.task.map { PageAddress.task($0, of: holder.run) } ?? PageAddress.run(holder.run)
            label = holder.task == nil ? holder.run.rawValue : holder.label
        }

        func child(named name: String) -> Any? {
            switch name {
            case "href": href
            case "label": label
            default: nil
            }
        }
    }

    /// Ways to holders that a line shows.
    static let mostHolders = 5

    var words: String
    var since: TimeText
    var holders: [Holder]

    init?(_ standing: TaskStanding) {
        guard standing.kind != nil else { return nil }
        words = standing.words.prefix(1).uppercased() + standing.words.dropFirst()
        since = TimeText(standing.since)
        holders = []
        if case .limit(let limit) = standing.reason { holders = limit.holders.prefix(Self.mostHolders).map(Holder.init) }
    }

    func child(named name: String) -> Any? {
        switch name {
        case "words": words
        case "since": since
        case "holders": holders
        default: nil
        }
    }
}
