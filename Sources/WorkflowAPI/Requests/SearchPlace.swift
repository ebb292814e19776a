public import WorkflowModel

/// The place in a list up to which a search has come when its budget was used up, as the header `weir-searched-to` says it: a date-time
/// of a list by creation or end, milliseconds of a list by runtime.
public enum SearchPlace: Hashable, Sendable {
    case time(Timestamp)
    case runtime(Duration)

    public init(_ cursor: RunCursor) {
        switch cursor.key {
        case .created, .ended: self = .time(Timestamp(milliseconds: cursor.value))
        case .runtime: self = .runtime(.milliseconds(cursor.value))
        }
    }

    /// nil for a text that is not the value of the header.
    public init?(header text: String) {
        if let milliseconds = Int64(text) {
            self = .runtime(.milliseconds(milliseconds))
        } else if let instant = Timestamp(iso8601: text) {
            self = .time(instant)
        } else {
            return nil
        }
    }

    public var header: String {
        switch self {
        case .time(let instant): instant.iso8601
        case .runtime(let duration): String(duration.milliseconds)
        }
    }
}
