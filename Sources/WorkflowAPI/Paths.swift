public import WorkflowModel

/// The paths of the endpoints, filled in: for tests, links and messages that have no ``Endpoint`` at hand.
public enum Paths {
    public static var token: String { AccessEndpoints.exchange.path.text }
    public static var runs: String { RunEndpoints.list.path.text }
    public static var facets: String { RunEndpoints.facets.path.text }
    public static var statistics: String { RunEndpoints.statistics.path.text }
    public static var export: String { RunEndpoints.export.path.text }
    public static var views: String { ViewEndpoints.list.path.text }
    public static var secrets: String { SecretEndpoints.list.path.text }
    public static var configurations: String { ConfigurationEndpoints.list.path.text }
    public static var alerts: String { AlertEndpoints.list.path.text }
    public static var alertReceivers: String { AlertEndpoints.listReceivers.path.text }
    public static var auditEvents: String { AuditEndpoints.list.path.text }
    public static var health: String { ServiceEndpoints.health.path.text }
    public static var readiness: String { ServiceEndpoints.readiness.path.text }
    public static var description: String { ServiceEndpoints.description.path.text }

    public static func tokens(of key: String) -> String { AccessEndpoints.issue.path(key) }
    public static func run(_ id: RunID) -> String { RunEndpoints.show.path(id.rawValue) }
    public static func stop(_ id: RunID) -> String { RunEndpoints.stop.path(id.rawValue) }
    public static func rerun(_ id: RunID) -> String { RunEndpoints.rerun.path(id.rawValue) }
    public static func resolutions(_ id: RunID) -> String { ResolutionEndpoints.list.path(id.rawValue) }
    public static func resolve(_ task: TaskID, of run: RunID) -> String {
        ResolutionEndpoints.resolve.path(run.rawValue, task.rawValue)
    }
    public static func labels(of id: RunID) -> String { BulkEndpoints.labelRun.path(id.rawValue) }
    public static var bulk: String { BulkEndpoints.list.path.text }
    public static func bulk(_ id: BulkID) -> String { BulkEndpoints.show.path(id.rawValue) }
    public static func receipts(of id: BulkID) -> String { BulkEndpoints.receipts.path(id.rawValue) }
    public static func abort(_ id: BulkID) -> String { BulkEndpoints.abort.path(id.rawValue) }
    public static func notes(_ id: RunID) -> String { NoteEndpoints.add.path(id.rawValue) }
    public static func subscriptions(to id: RunID) -> String { SubscriptionEndpoints.list.path(id.rawValue) }
    public static func subscription(of receiver: String, to id: RunID) -> String {
        SubscriptionEndpoints.subscribe.path(id.rawValue, receiver)
    }
    public static func output(of id: RunID) -> String { RunEndpoints.output.path(id.rawValue) }
    public static func waitReasons(of id: RunID) -> String { TaskEndpoints.waitReasons.path(id.rawValue) }
    public static func attempts(of id: RunID) -> String { TaskEndpoints.attempts.path(id.rawValue) }
    public static func output(of task: TaskID, in id: RunID) -> String { TaskEndpoints.output.path(id.rawValue, task.rawValue) }
    public static func resend(alert id: String) -> String { AlertEndpoints.resend.path(id) }
    public static func alertReceiver(_ name: String) -> String { AlertEndpoints.showReceiver.path(name) }
    public static func configuration(_ id: String) -> String { ConfigurationEndpoints.show.path(id) }
    public static func view(_ name: String) -> String { ViewEndpoints.show.path(name) }
    public static func secret(_ name: String) -> String { SecretEndpoints.set.path(name) }
    public static func starts(of configuration: String) -> String { ConfigurationEndpoints.start.path(configuration) }
    public static func schedule(of configuration: String) -> String { ScheduleEndpoints.preview.path(configuration) }
    public static func backfill(of configuration: String) -> String { ScheduleEndpoints.backfill.path(configuration) }
    public static func pause(of configuration: String) -> String { PauseEndpoints.pause.path(configuration) }
    public static func resume(of configuration: String) -> String { PauseEndpoints.resume.path(configuration) }
    public static func ticks(of configuration: String) -> String { ScheduleEndpoints.ticks.path(configuration) }
    public static func firings(of configuration: String) -> String { TriggerEndpoints.firings.path(configuration) }
    public static func hook(_ name: String, of configuration: String, tenant: Tenant) -> String {
        TriggerEndpoints.hook.path(tenant.name, configuration, name)
    }

    /// Escapes everything but RFC 3986's unreserved characters, so that it can stand in a query's value.
    public static func escaped(_ text: String) -> String {
        PathSegment.percentEncoded(text)
    }
}
