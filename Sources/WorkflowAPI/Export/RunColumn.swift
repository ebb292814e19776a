import NIOCore
import WorkflowModel

/// The columns of runs as CSV, in their order.
public enum RunColumn: String, CaseIterable, Sendable {
    case id
    case name
    case type
    case state
    case tenant
    case createdAt = "created_at"
    case endedAt = "ended_at"
    /// Milliseconds from creation to end.
    case runtime = "runtime_ms"
    case principalID = "principal_id"
    case principalName = "principal_name"
    case principalEmail = "principal_email"
    case attribution = "error_attribution"
    case errorType = "error_type"
    case errorMessage = "error_message"
    case configuration = "config_id"
    /// `key=value`, separated by semicolons; neither contains one.
    case labels
    case runMode = "run_mode"
    case rangeFrom = "range_from"
    case rangeTo = "range_to"
    case scheduledFor = "scheduled_for"
    case schedule
    case rerunOf = "rerun_of"
    /// Empty when no task was attempted again, as the member is missing in JSON.
    case attempts
    /// Empty without warnings, as the member is missing in JSON.
    case warnings
    /// A JSON object, empty without parameters.
    case parameters
    /// A JSON object, empty for a run that no trigger started.
    case trigger = "triggered_by"

    /// Roughly the bytes of a row.
    private static let typicalSize = 320

    static var header: ByteBuffer {
        var csv = CSVWriter(capacity: typicalSize)
        for column in allCases { csv.text(column.rawValue) }
        csv.endRow()
        return csv.buffer
    }

    static func rows(of runs: [WorkflowRun]) -> ByteBuffer {
        var csv = CSVWriter(capacity: runs.count * typicalSize)
        for run in runs {
            for column in allCases { column.write(run, to: &csv) }
            csv.endRow()
        }
        return csv.buffer
    }

    private func write(_ run: WorkflowRun, to csv: inout CSVWriter) {
        switch self {
        case .id: csv.text(run.id.rawValue)
        case .name: csv.text(run.name)
        case .type: csv.text(run.type)
        case .state: csv.text(run.state.rawValue)
        case .tenant: csv.text(run.tenant.name)
        case .createdAt: csv.timestamp(run.createdAt)
        case .endedAt: csv.timestamp(run.endedAt)
        case .runtime: csv.integer(run.runtime?.milliseconds)
        case .principalID: csv.text(run.principal.id)
        case .principalName: csv.text(run.principal.name)
        case .principalEmail: csv.text(run.principal.email)
        case .attribution: csv.text(run.error?.attribution?.rawValue)
        case .errorType: csv.text(run.error?.type)
        case .errorMessage: csv.text(run.error?.message)
        case .configuration: csv.text(run.origin.configuration)
        case .labels: csv.labels(run.origin.labels)
        case .runMode: csv.text(run.origin.runMode?.rawValue)
        case .rangeFrom: csv.timestamp(run.origin.range?.from)
        case .rangeTo: csv.timestamp(run.origin.range?.to)
        case .scheduledFor: csv.timestamp(run.origin.scheduledFor)
        case .schedule: csv.text(run.origin.schedule)
        case .rerunOf: csv.text(run.origin.rerunOf?.rawValue)
        case .attempts: csv.integer(run.attempts > 1 ? Int64(run.attempts) : nil)
        case .warnings: csv.integer(run.warnings > 0 ? Int64(run.warnings) : nil)
        case .parameters: csv.text(run.origin.parameters.storedText)
        case .trigger: csv.text(run.origin.trigger?.json.text)
        }
    }
}
