import Mustache
import WorkflowModel

/// The wait reason of a task in words, its start, and links to the runs and tasks that hold the limit.
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

    /// Links to holders, at most.
    static let mostHolders = 5

    /// Tasks ahead that are counted. A greater number would change with every task that ends.
    static let mostAhead = 20

    var words: String
    /// When the wait ends by itself.
    var until: TimeText?
    /// The text after ``until``.
    var reason: String?
    var since: TimeText
    var holders: [Holder]

    /// The reason why a run waits as a whole.
    /// - Returns: nil while a task works, or when it is over.
    init?(_ reasons: RunWaitReasons) {
        var first: TaskWaitReason?
        for task in reasons.tasks {
            switch task.reason {
            // Those that need others wait because of them.
            case .needs: continue
            case .works, .stops, .items: return nil
            case .retry, .outside, .worker, .limit: if first == nil { first = task }
            }
        }
        guard let first else { return nil }
        self.init(first)
        words = "\(first.label.visible()) \(words.prefix(1).lowercased() + words.dropFirst())"
    }

    init?(_ wait: TaskWaitReason) {
        guard wait.kind != nil else { return nil }
        var words = wait.words
        switch wait.reason {
        case .retry(let instant, let error):
            words = "waits for the retry at"
            until = TimeText(instant)
            reason = error.map { "after: \(CutText.text($0.message, longest: FirstLine.longest))" }
        case .outside(let wait):
            words = wait.words
            until = TimeText(wait.until)
        case .worker(let ahead) where ahead > Self.mostAhead:
            words = "waits for a worker; more than \(Self.mostAhead) tasks of its tenant are ahead"
        case .works, .stops, .needs, .worker, .limit, .items: break
        }
        holders = []
        if case .limit(var limit) = wait.reason, !limit.holders.isEmpty {
            holders = limit.holders.prefix(Self.mostHolders).map(Holder.init)
            // The links name them; the words would name them twice.
            limit.holders = []
            var unnamed = wait
            unnamed.reason = .limit(limit)
            words = unnamed.words
        }
        self.words = words.prefix(1).uppercased() + words.dropFirst()
        since = TimeText(wait.since)
    }

    func child(named name: String) -> Any? {
        switch name {
        case "words": words
        case "until": until
        case "reason": reason
        case "since": since
        case "holders": holders
        case "hasHolders": !holders.isEmpty
        default: nil
        }
    }
}
