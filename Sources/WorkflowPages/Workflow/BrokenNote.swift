import Mustache
import WorkflowModel

/// Since when a workflow fails, with which version, and whose fault it is.
struct BrokenNote: Sendable, MustacheParent {
    /// A run, when it began, and the version of its configuration.
    struct Place: Sendable, MustacheParent {
        var href: String
        var time: TimeText
        /// `version 12`; nil when the version is no longer stored.
        var version: String?

        init(_ run: WorkflowRun, _ versions: [RunID: ConfigurationVersion]) {
            href = PageAddress.run(run.id)
            time = TimeText(run.createdAt)
            version = versions[run.id].map { "version \($0.number)" }
        }

        func child(named name: String) -> Any? {
            switch name {
            case "href": href
            case "time": time
            case "version": version
            default: nil
            }
        }
    }

    /// `3 runs failed in a row`
    var count: String
    var first: Place
    /// nil when no run in sight succeeded.
    var good: Place?
    var error: ErrorLine?
    var latestHref: String
    /// nil without a good run.
    var compareHref: String?
    /// nil without the right to start runs.
    var rerunHref: String?

    /// - Parameter isImported: whether the newest failure is imported history, which cannot be rerun or compared.
    init(_ streak: FailureStreak, versions: [RunID: ConfigurationVersion], isImported: Bool, for visitor: Visitor) {
        count = streak.count == 1 ? "The last run failed" : "\(CountText.text(streak.count)) runs failed in a row"
        first = Place(streak.first, versions)
        good = streak.good.map { Place($0, versions) }
        error = streak.latest.error.map { ErrorLine($0) }
        latestHref = PageAddress.run(streak.latest.id)
        compareHref = streak.good == nil || isImported ? nil : PageAddress.compare(streak.latest.id)
        rerunHref = visitor.canOperate && !isImported ? PageAddress.rerun(streak.latest.id) : nil
    }

    func child(named name: String) -> Any? {
        switch name {
        case "count": count
        case "first": first
        case "good": good
        case "error": error
        case "latestHref": latestHref
        case "compareHref": compareHref
        case "rerunHref": rerunHref
        default: nil
        }
    }
}
