public import NIOCore
public import WorkflowModel

/// The outcome of a message that tests a receiver.
public struct ReceiverTestAnswer: Hashable, Sendable {
    /// Whether the receiver answered with a status of success.
    public var isDelivered: Bool
    /// The outcome in one sentence.
    public var answer: String

    public init(_ outcome: AlertOutcome) {
        switch outcome {
        case .delivered(let text): (isDelivered, answer) = (true, text)
        case .failed(let text), .gone(let text): (isDelivered, answer) = (false, text)
        }
    }

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        var (isDelivered, answer) = (false, "")
        try JSONReader.read(bytes) { reader in
            try reader.object { reader, name in
                switch name {
                case "delivered": isDelivered = try reader.boolean()
                case "answer": answer = try reader.string()
                default: try reader.skip()
                }
            }
        }
        (self.isDelivered, self.answer) = (isDelivered, answer)
    }

    public var document: ByteBuffer {
        JSONWriter.document { json in
            json.object { json in
                json.name("delivered")
                json.boolean(isDelivered)
                json.member("answer", answer)
            }
        }
    }
}
