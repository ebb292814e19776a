import WorkflowModel

/// A task of the timeline.
struct TimelineTask: Sendable {
    /// Its index in the run.
    var place: Int
    var times: TaskTimes
    /// Whether the needs of the run's tasks are known.
    var hasNeeds: Bool
    /// The need that ended last, and when; nil without one.
    var lastNeed: (label: String, end: Timestamp)?
    /// Whether the duration of the run depends on it.
    var isCritical = false

    /// The reasons of the wait for its first attempt: its needs, then a worker or a limit.
    func reason(from begin: Timestamp, to start: Timestamp) -> String {
        guard hasNeeds else { return "" }
        guard let lastNeed else { return " for a worker or a limit" }
        let words = lastNeed.end > begin ? ": \(RuntimeText.text(min(lastNeed.end, start) - begin)) for \(lastNeed.label)" : ""
        let rest = start - max(lastNeed.end, begin)
        guard rest > .milliseconds(0) else { return words }
        return words + (words.isEmpty ? " for a worker or a limit" : ", \(RuntimeText.text(rest)) for a worker or a limit")
    }
}

/// Round times of a scale: `5 min`, `2 h`.
enum RoundTimeText {
    static func text(_ seconds: Int64) -> String {
        switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3_600: seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds / 60) min \(seconds % 60) s"
        case ..<86_400: seconds % 3_600 == 0 ? "\(seconds / 3_600) h" : "\(seconds / 3_600) h \(seconds % 3_600 / 60) min"
        default: seconds % 86_400 == 0 ? "\(seconds / 86_400) d" : "\(seconds / 86_400) d \(seconds % 86_400 / 3_600) h"
        }
    }
}
