import Mustache
import WorkflowModel

/// The first line of an error, and whose fault it was.
struct ErrorLine: Hashable, Sendable, MustacheParent {
    /// Characters of it at most.
    static let longest = 200

    var line: String
    var blame: String
    var blameLabel: String

    init(_ error: RunError) {
        let first = error.message.split(whereSeparator: \.isNewline).first.map(String.init) ?? error.type
        line = first.count > Self.longest ? first.prefix(Self.longest - 1) + "…" : first
        blame = error.attribution.rawValue
        blameLabel = error.attribution.label
    }

    func child(named name: String) -> Any? {
        switch name {
        case "line": line
        case "blame": blame
        case "blameLabel": blameLabel
        default: nil
        }
    }
}

/// An error in full, with what to do about it.
struct Problem: Sendable {
    /// Characters of a message, and of what came with it, at most: a page stays one that can be read.
    static let longest = 16_000

    var title: String
    var icon: String
    var message: String
    var type: String
    var blame: String
    var blameLabel: String
    var advice: String
    var data: String?

    init(_ error: RunError, isOver: Bool) {
        let wasStopped = error.type == RunError.manuallyStopped.type
        title = wasStopped ? "Stopped" : isOver ? "Failed" : "A task has failed"
        icon = wasStopped ? "stop" : "cross"
        message = CutText.text(error.message, longest: Self.longest)
        type = error.type
        blame = error.attribution.rawValue
        blameLabel = error.attribution.label
        data = error.data.map { CutText.text(PrettyJSON.text($0.text), longest: Self.longest) }
        if wasStopped {
            advice = "Somebody asked for this. Nothing is broken: run it again whenever you like."
        } else {
            switch error.attribution {
            case .customer:
                advice =
                    "The configuration, or what it calls, is at fault: fix that, then run it again. Running it again unchanged will most likely fail the same way."
            case .platform:
                advice =
                    "Something that the run relies on failed. Running it again usually helps; if it does not, tell whoever operates the service."
            }
        }
    }
}

extension Attribution {
    var label: String {
        switch self {
        case .customer: "Customer"
        case .platform: "Platform"
        }
    }
}
