public import NIOCore
public import WorkflowModel

extension JSONWriter {
    /// - Parameter event: the event of the run's end; nil until it has ended.
    public mutating func subscription(_ subscription: RunSubscription, event: AlertEvent?) {
        object { json in
            json.member("receiver", subscription.receiver)
            json.member("requested_at", subscription.requestedAt)
            json.name("requested_by")
            json.principal(subscription.requestedBy)
            json.member("event", event?.rawValue)
        }
    }

    /// `{"data": […]}`
    public mutating func subscriptions(_ subscriptions: RunSubscriptions) {
        object { json in
            json.name("data")
            json.array(of: subscriptions.list) { json, one in json.subscription(one, event: subscriptions.event) }
        }
    }
}

/// The answer to a request that subscribes a receiver.
public struct SubscriptionAnswer: Hashable, Sendable {
    public var subscription: RunSubscription
    /// The event of the run's end, when it has ended: the receiver is told at once.
    public var event: AlertEvent?

    public init(_ subscription: RunSubscription, event: AlertEvent?) {
        self.subscription = subscription
        self.event = event
    }

    public var document: ByteBuffer { JSONWriter.document { $0.subscription(subscription, event: event) } }

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        self = try JSONReader.read(bytes) { try SubscriptionAnswer(from: &$0) }
    }

    fileprivate init(from reader: inout JSONReader) throws {
        var receiver: String?
        var requestedAt: Timestamp?
        var requestedBy: Principal?
        var event: AlertEvent?
        try reader.object { reader, member in
            switch member {
            case "receiver": receiver = try reader.string()
            case "requested_at": requestedAt = try reader.timestamp()
            case "requested_by": requestedBy = try reader.principal()
            case "event": event = AlertEvent(rawValue: try reader.string())
            default: try reader.skip()
            }
        }
        self.init(
            RunSubscription(
                to: try receiver.required("receiver"), by: try requestedBy.required("requested_by"),
                at: try requestedAt.required("requested_at")),
            event: event)
    }
}

extension RunSubscriptions {
    public var document: ByteBuffer { JSONWriter.document(capacity: 64 + list.count * 160) { $0.subscriptions(self) } }

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        let answers = try JSONReader.list(bytes) { try SubscriptionAnswer(from: &$0) }
        self.init(answers.map(\.subscription), event: answers.first?.event)
    }
}
