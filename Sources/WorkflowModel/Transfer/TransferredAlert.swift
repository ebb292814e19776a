/// An alert with what finds its run.
public struct TransferredAlert: Hashable, Sendable {
    public var alert: Alert
    /// nil for one that is about no run.
    public var runCreatedAt: Timestamp?

    public init(alert: Alert, runCreatedAt: Timestamp?) {
        self.alert = alert
        self.runCreatedAt = runCreatedAt
    }
}
