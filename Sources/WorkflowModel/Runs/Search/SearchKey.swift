/// The keys of the search: one table for reading, writing, completion and documents.
///
/// A field of ``RunFilterField`` has its key in ``RunFilterField/searchKey``. Names of fields on the wire are accepted as keys,
/// too.
public enum SearchKey: String, CaseIterable, Sendable {
    case state
    case type
    case workflow
    case by
    case attribution
    case error
    case label
    case text
    case mode
    case schedule
    case rerunOf = "rerun-of"
    case since
    case until
    case on
    case endedSince = "ended-since"
    case endedUntil = "ended-until"
    case took
    case attempts
    case warnings
    case sort
    case order

    /// As it is written before the colon.
    public var name: String { rawValue }

    /// The position in the order of canonical searches.
    var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// How the values of a key are read.
    enum Form: Sendable {
        /// Values of a field. Excluded values are those of the other field; nil when values cannot be excluded.
        case values(RunFilterField, excluded: RunFilterField?)
        /// Excluding a state includes all others.
        case states
        /// A time as ``TypedTime`` has it.
        case time(RunFilterField)
        /// A day, a month or another span, for both fields.
        case span(from: RunFilterField, to: RunFilterField)
        /// `>10m`, `<1h` or `10m..1h`.
        case durations(from: RunFilterField, to: RunFilterField)
        /// `2`, `>=2` or `>1`.
        case least(RunFilterField)
        /// `yes` or `no`.
        case flag(RunFilterField)
        case sortKey
        case direction
    }

    var form: Form {
        switch self {
        case .state: .states
        case .type: .values(.type, excluded: .notType)
        case .workflow: .values(.configuration, excluded: .notConfiguration)
        case .by: .values(.principal, excluded: .notPrincipal)
        case .attribution: .values(.attribution, excluded: nil)
        case .error: .values(.errorType, excluded: .notErrorType)
        case .label: .values(.label, excluded: .notLabel)
        case .text: .values(.text, excluded: .notText)
        case .mode: .values(.runMode, excluded: nil)
        case .schedule: .values(.schedule, excluded: nil)
        case .rerunOf: .values(.rerunOf, excluded: nil)
        case .since: .time(.createdFrom)
        case .until: .time(.createdTo)
        case .on: .span(from: .createdFrom, to: .createdTo)
        case .endedSince: .time(.endedFrom)
        case .endedUntil: .time(.endedTo)
        case .took: .durations(from: .runtimeFrom, to: .runtimeTo)
        case .attempts: .least(.attemptsFrom)
        case .warnings: .flag(.hasWarnings)
        case .sort: .sortKey
        case .order: .direction
        }
    }

    /// Other names of the key, besides those of its fields on the wire.
    var aliases: [String] {
        switch self {
        case .state: ["status", "is"]
        case .workflow: ["config", "configuration"]
        case .by: ["principal", "started-by"]
        case .attribution: ["fault", "blame"]
        case .since: ["from", "after"]
        case .until: ["to", "before"]
        case .on: ["created"]
        case .took: ["duration", "runtime"]
        case .type, .error, .label, .text, .mode, .schedule, .rerunOf, .endedSince, .endedUntil, .attempts, .warnings, .sort,
            .order:
            []
        }
    }

    /// One line for completion and documents.
    public var summary: String {
        switch self {
        case .state: "State, such as failed or running"
        case .type: "Type of the workflow, such as courier.group/run"
        case .workflow: "Id of the workflow"
        case .by: "Id of the principal that started the run"
        case .attribution: "Side at fault: customer or platform"
        case .error: "Type of the error, such as weir.task.command/exit"
        case .label: "Label, as key:value"
        case .text: "Text in the name, id, workflow's id, error message or parameters"
        case .mode: "Run mode: source, refresh or full"
        case .schedule: "Id of the schedule that started the run"
        case .rerunOf: "Id of the run that is repeated"
        case .since: "Created at this time or later, such as 7d or yesterday"
        case .until: "Created before this time"
        case .on: "Created on this day or in this month, such as yesterday or dec 2025"
        case .endedSince: "Ended at this time or later"
        case .endedUntil: "Ended before this time"
        case .took: "Time from creation to end, of ended runs: >10m, <1h or 10m..1h"
        case .attempts: "Attempts of the task with the most: >1"
        case .warnings: "Whether a task left warnings: yes or no"
        case .sort: "Order by created, ended or runtime, greatest first; -runtime for the least first"
        case .order: "Direction of the order: desc or asc"
        }
    }
}

extension RunFilterField {
    /// The key of the search that stands for the field.
    public var searchKey: SearchKey {
        switch self {
        case .createdFrom: .since
        case .createdTo: .until
        case .endedFrom: .endedSince
        case .endedTo: .endedUntil
        case .state: .state
        case .type, .notType: .type
        case .configuration, .notConfiguration: .workflow
        case .principal, .notPrincipal: .by
        case .attribution: .attribution
        case .errorType, .notErrorType: .error
        case .text, .notText: .text
        case .label, .notLabel: .label
        case .runMode: .mode
        case .schedule: .schedule
        case .rerunOf: .rerunOf
        case .runtimeFrom, .runtimeTo: .took
        case .attemptsFrom: .attempts
        case .hasWarnings: .warnings
        }
    }
}
