public import WorkflowModel

/// Which time runs are asked for: a quick choice, which moves with the clock, or exact dates.
public enum WindowChoice: Hashable, Sendable {
    case any
    case recent(Recent)
    case exact(TimeWindow)

    public enum Recent: String, CaseIterable, Sendable {
        case lastHour = "last-hour"
        /// The day of UTC that it is.
        case today
        /// Today, and the six days before.
        case lastSevenDays = "last-7-days"

        var label: String {
            switch self {
            case .lastHour: "Last hour"
            case .today: "Today"
            case .lastSevenDays: "Last 7 days"
            }
        }

        func start(at now: Timestamp) -> Timestamp {
            let today = CountStep.day.start(of: now)
            return switch self {
            case .lastHour: Timestamp(milliseconds: now.milliseconds - 3_600_000)
            case .today: today
            case .lastSevenDays: Timestamp(milliseconds: today.milliseconds - 6 * 86_400_000)
            }
        }
    }

    /// nil when everything matches.
    public func window(at now: Timestamp) -> TimeWindow? {
        switch self {
        case .any: nil
        case .recent(let recent): TimeWindow(from: recent.start(at: now))
        case .exact(let window): window
        }
    }
}
