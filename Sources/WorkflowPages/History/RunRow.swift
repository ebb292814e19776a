import Mustache
import WorkflowModel

/// A run in the list.
struct RunRow: Sendable, MustacheParent {
    var id: String
    var href: String
    var name: String
    var type: String
    var typeLabel: String
    var state: StateText
    var startedBy: String
    var time: TimeText
    var timeLabel: String
    var runtime: RuntimeText
    var error: ErrorLine?

    init(_ run: WorkflowRun, order: RunOrder, at now: Timestamp) {
        id = run.id.rawValue
        href = PageAddress.run(run.id)
        name = run.name
        type = run.type
        typeLabel = TypeLabel.text(run.type)
        state = StateText(run.state.state)
        startedBy = run.principal.name
        time = TimeText(order == .created ? run.createdAt : run.endedAt ?? run.createdAt)
        timeLabel = order.heading
        runtime = RuntimeText(from: run.createdAt, to: run.endedAt, at: now)
        error = run.error.map { ErrorLine($0) }
    }

    func child(named name: String) -> Any? {
        switch name {
        case "id": id
        case "href": href
        case "name": self.name
        case "type": type
        case "typeLabel": typeLabel
        case "state": state
        case "startedBy": startedBy
        case "time": time
        case "timeLabel": timeLabel
        case "runtime": runtime
        case "error": error
        default: nil
        }
    }
}

extension RunOrder {
    var heading: String {
        switch self {
        case .created: "Started"
        case .ended: "Ended"
        }
    }
}

extension StateText: MustacheParent {
    func child(named name: String) -> Any? {
        switch name {
        case "label": label
        case "tone": tone
        case "icon": icon
        default: nil
        }
    }
}
