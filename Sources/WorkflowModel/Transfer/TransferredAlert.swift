/// An alert, with the key of its run.
public struct TransferredAlert: Hashable, Sendable {
    public var alert: Alert
    /// nil for an alert that is not about a run.
    public var runCreatedAt: Timestamp?

    public init(alert: Alert, runCreatedAt: Timestamp?) {
        self.alert = alert
        self.runCreatedAt = runCreatedAt
    }
}
