/// The fields of ``RunFilter``: one table for query parameters, page tokens, page addresses, the search, command-line options, the
/// client and the OpenAPI document.
///
/// A new filter is a property of ``RunFilter`` and a case here. No switch over a field has a `default`, so the compiler finds the
/// places that a new case needs. A test finds a property of the filter that no field reads.
public enum RunFilterField: String, CaseIterable, Sendable {
    // Those of the documented API.
    case createdFrom = "created_from"
    case createdTo = "created_to"
    case endedFrom = "ended_from"
    case endedTo = "ended_to"
    case state
    case type
    // Those that Weir adds.
    case configuration = "config_id"
    case principal = "principal_id"
    case attribution
    case errorType = "error_type"
    case text
    case label
    case runMode = "run_mode"
    case schedule
    case rerunOf = "rerun_of"
    case runtimeFrom = "runtime_from"
    case runtimeTo = "runtime_to"
    case attemptsFrom = "attempts_from"
    case hasWarnings = "has_warnings"
    case notType = "not_type"
    case notConfiguration = "not_config_id"
    case notPrincipal = "not_principal_id"
    case notErrorType = "not_error_type"
    case notText = "not_text"
    case notLabel = "not_label"

    /// All fields, in the order of messages and documents.
    public static let all = allCases
    /// Values of a field that may be repeated.
    public static let repeatedValues = 20
    /// Bytes of a value that is compared as a whole.
    public static let valueBytes = 4_096

    /// The name on the wire and in page addresses.
    public var name: String { rawValue }

    /// The kind of a value.
    public enum Kind: Sendable {
        case dateTime
        /// A state's wire value or label, as in ``RunStates``.
        case state
        /// Any text, compared as a whole and by bytes.
        case text
        /// A part of a text, as in ``RunWords``.
        case words
        case attribution
        /// `key:value`, as in ``RunLabel``.
        case label
        case runMode
        /// As in `Duration.init(filterText:)`.
        case duration
        /// An integer of ``RunFilterField/attempts``.
        case count
        /// `true` or `false`.
        case flag
    }

    /// The accepted numbers of attempts.
    public static let attempts = 1...1_000

    public var kind: Kind {
        switch self {
        case .createdFrom, .createdTo, .endedFrom, .endedTo: .dateTime
        case .state: .state
        case .type, .configuration, .principal, .errorType, .schedule, .rerunOf: .text
        case .notType, .notConfiguration, .notPrincipal, .notErrorType: .text
        case .attribution: .attribution
        case .text, .notText: .words
        case .label, .notLabel: .label
        case .runMode: .runMode
        case .runtimeFrom, .runtimeTo: .duration
        case .attemptsFrom: .count
        case .hasWarnings: .flag
        }
    }

    /// Values of the field in one filter. A run matches a repeated field when it matches any of the values; of words and labels, it
    /// has to match all.
    public var mostValues: Int {
        switch self {
        case .createdFrom, .createdTo, .endedFrom, .endedTo: 1
        case .runMode, .schedule, .rerunOf, .runtimeFrom, .runtimeTo, .attemptsFrom, .hasWarnings: 1
        case .attribution: Attribution.allCases.count
        case .state, .type, .configuration, .principal, .errorType, .text, .label: Self.repeatedValues
        case .notType, .notConfiguration, .notPrincipal, .notErrorType, .notText, .notLabel: Self.repeatedValues
        }
    }

    /// One sentence for help texts and documents.
    public var summary: String {
        switch self {
        case .createdFrom: "Runs created at this time or later."
        case .createdTo: "Runs created before this time."
        case .endedFrom: "Runs that ended at this time or later."
        case .endedTo: "Runs that ended before this time."
        case .state:
            """
            Runs in any of these states. A state is a wire value or a label, in any case; space, - and _ are the same. \
            running is started, in-progress and running-with-failures; paused and up-for-retry match no run.
            """
        case .type: "Runs of any of these types, such as courier.group/run."
        case .configuration: "Runs of any of these workflows, by their ids."
        case .principal: "Runs started by any of these principals, by their ids."
        case .attribution: "Runs with an error that is attributed to customer or platform."
        case .errorType: "Runs with an error of any of these types, such as weir.task.command/exit."
        case .text:
            """
            Runs with this text in their name, id, workflow's id, error message or parameters, in any case. \
            With several texts, each has to occur.
            """
        case .label: "Runs with this label, as key:value. With several labels, runs with all of them."
        case .runMode: "Runs in this run mode: source, refresh or full."
        case .schedule: "Runs that this schedule started, by its id."
        case .rerunOf: "Runs that repeat this run, by its id."
        case .runtimeFrom: "Runs that ended and took this long or longer, from creation to end, such as 90s or PT1H30M."
        case .runtimeTo: "Runs that ended and took less than this long, from creation to end, such as 90s or PT1H30M."
        case .attemptsFrom: "Runs with a task that had at least this many attempts."
        case .hasWarnings: "Runs with a task that left warnings, or runs without one."
        case .notType: "Runs of none of these types."
        case .notConfiguration: "Runs of none of these workflows."
        case .notPrincipal: "Runs started by none of these principals."
        case .notErrorType: "Runs without an error of any of these types."
        case .notText: "Runs without this text in their name, id, workflow's id, error message or parameters."
        case .notLabel: "Runs without this label."
        }
    }
}
