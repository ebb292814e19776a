/// The types of events in the audit log, with their names on the wire: a place, a slash, and what happened.
public enum AuditEventType: String, CaseIterable, Sendable {
    case signedIn = "weir.session/started"
    case signInFailed = "weir.session/refused"
    case signedOut = "weir.session/ended"
    case tokenExchanged = "weir.token/exchanged"
    case tokenRefused = "weir.token/refused"
    case tokenIssued = "weir.token/issued"
    case keyCreated = "weir.key/created"
    case keyRotated = "weir.key/rotated"
    case keyDropped = "weir.key/dropped"
    case previousSecretDropped = "weir.key/previous-secret-dropped"
    case configurationCreated = "weir.configuration/created"
    case configurationUpdated = "weir.configuration/updated"
    case configurationDeleted = "weir.configuration/deleted"
    case workflowPaused = "weir.configuration/paused"
    case workflowResumed = "weir.configuration/resumed"
    case runStarted = "weir.workflow/started"
    case runRerun = "weir.workflow/rerun"
    case runBackfilled = "weir.workflow/backfilled"
    case runStopped = "weir.workflow/stopped"
    case runResolved = "weir.workflow/resolved"
    case runNoted = "weir.workflow/noted"
    case runSubscribed = "weir.workflow/subscribed"
    case runUnsubscribed = "weir.workflow/unsubscribed"
    case runDeleted = "weir.workflow/deleted"
    case runLabeled = "weir.workflow/labeled"
    case runsImported = "weir.workflow/imported"
    case receiverCreated = "weir.receiver/created"
    case receiverChanged = "weir.receiver/changed"
    case receiverRotated = "weir.receiver/rotated"
    case receiverEnabled = "weir.receiver/enabled"
    case receiverTested = "weir.receiver/tested"
    case receiverDropped = "weir.receiver/dropped"
    case alertResent = "weir.alert/resent"
    case bulkRequested = "weir.bulk/requested"
    case bulkAborted = "weir.bulk/aborted"
    case viewSaved = "weir.view/saved"
    case viewDeleted = "weir.view/deleted"
    case secretSet = "weir.secret/set"
    case secretDeleted = "weir.secret/deleted"
    case secretsRekeyed = "weir.secret/rekeyed"
    case settingsChanged = "weir.tenant/changed"
    case retentionStarted = "weir.retention/started"
    case auditExpired = "weir.audit/expired"

    /// Words that follow the name of a principal: "Ada started a run".
    public var sentence: String {
        switch self {
        case .signedIn: "signed in"
        case .signInFailed: "failed to sign in"
        case .signedOut: "signed out"
        case .tokenExchanged: "got an access token"
        case .tokenRefused: "was refused an access token"
        case .tokenIssued: "issued an access token"
        case .keyCreated: "created an API key"
        case .keyRotated: "rotated the secret of an API key"
        case .keyDropped: "dropped an API key"
        case .previousSecretDropped: "dropped the previous secret of an API key"
        case .configurationCreated: "created a workflow"
        case .configurationUpdated: "changed a workflow"
        case .configurationDeleted: "deleted a workflow"
        case .workflowPaused: "paused a workflow"
        case .workflowResumed: "resumed a workflow"
        case .runStarted: "started a run"
        case .runRerun: "reran a run"
        case .runBackfilled: "started the run of a past tick"
        case .runStopped: "stopped a run"
        case .runResolved: "resolved a task of a run"
        case .runNoted: "left a note on a run"
        case .runSubscribed: "had a receiver told of the end of a run"
        case .runUnsubscribed: "took a receiver off the end of a run"
        case .runDeleted: "deleted a run"
        case .runLabeled: "changed the labels of a run"
        case .runsImported: "imported runs"
        case .receiverCreated: "created a receiver of alerts"
        case .receiverChanged: "changed a receiver of alerts"
        case .receiverRotated: "rotated the secret of a receiver"
        case .receiverEnabled: "enabled a receiver of alerts"
        case .receiverTested: "sent a test to a receiver of alerts"
        case .receiverDropped: "dropped a receiver of alerts"
        case .alertResent: "sent an alert again"
        case .bulkRequested: "requested a bulk operation"
        case .bulkAborted: "aborted a bulk operation"
        case .viewSaved: "saved a view"
        case .viewDeleted: "deleted a view"
        case .secretSet: "set a secret"
        case .secretDeleted: "deleted a secret"
        case .secretsRekeyed: "encrypted the secrets under another key"
        case .settingsChanged: "changed the settings of the tenant"
        case .retentionStarted: "began to delete old runs"
        case .auditExpired: "deleted old events of the audit log"
        }
    }

    /// The sentence of a type on the wire; the type itself when this version does not know it.
    public static func sentence(of type: String) -> String {
        AuditEventType(rawValue: type)?.sentence ?? type
    }
}

extension RunPlan {
    /// The event of a plan that is started on request, unless it is the run of a past tick.
    public var startEvent: AuditEventType { rerunOf == nil ? .runStarted : resolutions.isEmpty ? .runRerun : .runResolved }

    public var auditObject: AuditObject { AuditObject(id.rawValue, name: name) }
}

extension AlertReceiver.Change {
    /// The event of the change when a person or key makes it; nil for a change that only the service makes.
    public var auditEvent: AuditEventType? {
        switch self {
        case .settings: .receiverChanged
        case .rotated: .receiverRotated
        case .enabled: .receiverEnabled
        case .disabled: nil
        }
    }
}

extension SavedConfiguration.Change {
    /// nil when nothing has changed.
    public var auditEvent: AuditEventType? {
        switch self {
        case .created: .configurationCreated
        case .updated: .configurationUpdated
        case .unchanged: nil
        }
    }
}

extension ImportOutcome {
    public func auditObject(_ tenant: Tenant) -> AuditObject {
        AuditObject(tenant.name, name: "\(added) \(added == 1 ? "run" : "runs")")
    }
}
