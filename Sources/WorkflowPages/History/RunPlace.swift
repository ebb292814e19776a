import Mustache
import WorkflowModel

/// Where a run belongs: its workflow, its type, its labels, and how it came about.
struct RunPlace: Sendable, MustacheParent {
    /// Labels on a row, at most.
    static let mostLabels = 5

    /// The id, which tells workflows of one name apart. The link leads to the workflow's page; the filters narrow the list to it.
    var workflow: NamedLink?
    /// nil when the visitor hides it.
    var type: TypeName?
    var labels: [NamedLink]
    var moreLabels: String?
    var attempts: String?
    var rerunOf: NamedLink?
    /// nil for a full run, which most are.
    var runMode: String?
    var schedule: String?
    var range: ShownValue?

    struct TypeName: Sendable {
        var name: String
        var label: String
    }

    /// - Parameters:
    ///   - address: that of the list; links narrow it.
    ///   - hidden: the parts that the visitor hides.
    init(_ run: WorkflowRun, in address: HistoryAddress, hiding hidden: Set<DisplayChoice.Column> = []) {
        let (origin, filter) = (run.origin, address.filter)
        workflow =
            hidden.contains(.workflow)
            ? nil
            : origin.configuration.map { id in
                NamedLink(label: id, href: PageAddress.workflow(id))
            }
        type = hidden.contains(.type) ? nil : TypeName(name: run.type, label: TypeLabel.text(run.type))
        let known = hidden.contains(.labels) ? [] : Array(origin.labels)
        labels = known.prefix(Self.mostLabels).map { label in
            NamedLink(label: label.description, href: address.narrowed(to: filter.adding(label)).href)
        }
        let left = known.count - labels.count
        moreLabels = left > 0 ? "and \(CountText.text(left, "label", "labels"))" : nil
        guard !hidden.contains(.details) else { return }
        attempts = run.attempts > 1 ? CountText.text(run.attempts, "attempt", "attempts") : nil
        rerunOf = origin.rerunOf.map { NamedLink(label: $0.rawValue, href: PageAddress.run($0)) }
        runMode = origin.runMode == .full ? nil : origin.runMode?.label
        schedule = origin.schedule.map { $0 == Schedule.defaultID ? "scheduled" : "schedule \($0.visible())" }
        range = origin.range.map { ShownValue($0) }
    }

    func child(named name: String) -> Any? {
        switch name {
        case "workflow": workflow
        case "type": type
        case "labels": labels
        case "moreLabels": moreLabels
        case "attempts": attempts
        case "rerunOf": rerunOf
        case "runMode": runMode
        case "schedule": schedule
        case "range": range
        default: nil
        }
    }
}

extension RunFilter {
    /// The filter with one more label; the same filter when it has as many as it accepts.
    func adding(_ label: RunLabel) -> RunFilter {
        var other = self
        other.labels.excluded.remove(label)
        other.labels.included.insert(label)
        return other.labels.included.count <= RunFilterField.label.mostValues ? other : self
    }
}
