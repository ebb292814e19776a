import Mustache
import WorkflowModel

/// The attribution of an error as a page shows it. Without an attribution a page shows none.
struct Blame: Hashable, Sendable, MustacheParent {
    var name: String
    var label: String

    init(_ attribution: Attribution) {
        name = attribution.rawValue
        label = attribution.label
    }

    func child(named name: String) -> Any? {
        switch name {
        case "name": self.name
        case "label": label
        default: nil
        }
    }
}

/// The first line of an error and its attribution. A stop is not an error: ``StopNote`` shows it.
struct ErrorLine: Hashable, Sendable, MustacheParent {
    var line: String
    var blame: Blame?

    init(_ error: RunError) {
        line = FirstLine.text(error.message, orElse: error.type)
        blame = error.attribution.map { Blame($0) }
    }

    func child(named name: String) -> Any? {
        switch name {
        case "line": line
        case "blame": blame
        default: nil
        }
    }
}

/// A complete error, with advice.
struct Problem: Sendable {
    /// Characters of a message, and of its data, at most.
    static let longest = 16_000

    var title: String
    var icon: String
    var message: String
    var type: String
    var blame: Blame?
    var advice: String
    var data: String?

    init(_ error: RunError, isOver: Bool) {
        title = isOver ? "Failed" : "A task has failed"
        icon = "cross"
        message = CutText.text(error.message, longest: Self.longest)
        type = error.type
        blame = error.attribution.map { Blame($0) }
        data = error.data.map { CutText.text(PrettyJSON.text($0.text), longest: Self.longest) }
        switch error.attribution {
        case .customer:
            advice =
                "The configuration, or a system that it calls, is at fault. Fix the cause before you retry: unchanged, it will most likely fail the same way."
        case .platform:
            advice =
                "The platform failed. A retry usually helps; if it does not, tell the operator of the service."
        case nil: advice = "The imported history does not say whether the configuration or the platform is at fault."
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
