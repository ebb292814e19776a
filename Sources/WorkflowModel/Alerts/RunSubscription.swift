/// A request to tell a receiver when one run ends, whatever its rules say. It is kept after the end, and deleted with its run.
public struct RunSubscription: Hashable, Sendable {
    /// Subscriptions of one run.
    public static let most = 20

    /// The name of the receiver. A run has one subscription of each receiver.
    public var receiver: String
    public var requestedBy: Principal
    public var requestedAt: Timestamp

    public init(to receiver: String, by principal: Principal, at requestedAt: Timestamp) {
        self.receiver = receiver
        requestedBy = principal
        self.requestedAt = requestedAt
    }
}

/// The subscriptions of a run, by receiver.
public struct RunSubscriptions: Hashable, Sendable {
    public var list: [RunSubscription]
    /// The event of the run's end, of which the receivers are told; nil until it has ended.
    public var event: AlertEvent?

    public init(_ list: [RunSubscription], event: AlertEvent? = nil) {
        self.list = list
        self.event = event
    }
}

/// The outcome of subscribing a receiver to a run.
public enum SubscriptionOutcome: Hashable, Sendable {
    /// With the event of the run's end, when it has ended: then the alert was raised at once.
    case added(event: AlertEvent?)
    /// The receiver was subscribed before; with that subscription, which stays.
    case alreadyThere(RunSubscription, event: AlertEvent?)
    case noSuchRun
    /// With the names of the receivers that are not disabled.
    case noSuchReceiver(accepted: [String])
    case isDisabled
    /// No alerts are raised about imported history.
    case isImported
    /// The run has ``RunSubscription/most`` subscriptions.
    case tooMany
}

/// The outcome of removing the subscription of a receiver.
public enum UnsubscriptionOutcome: Hashable, Sendable {
    case removed
    case noSuchRun
    case notSubscribed
    /// The receiver has been told, or is about to be.
    case hasEnded
}

extension AlertEvent {
    /// The event of which subscribed receivers are told: one for each end; nil for a run that has not ended.
    public static func end(in state: RunState) -> AlertEvent? {
        all(endingIn: state, warnings: 0).first
    }
}
