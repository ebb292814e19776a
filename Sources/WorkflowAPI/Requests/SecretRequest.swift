public import NIOCore
public import WorkflowModel

/// The body that sets a secret. Nothing of it is ever logged or quoted in a message.
public struct SecretRequest: Hashable, Sendable {
    public static let members = ["value"]

    public var value: SecretValue

    public init(value: SecretValue) {
        self.value = value
    }

    public var document: ByteBuffer {
        JSONWriter.document(capacity: 64 + value.text.utf8.count) { json in
            json.object { $0.member("value", value.text) }
        }
    }

    /// - Throws: ``APIError`` (400) saying what is wrong and what is accepted.
    public init(body bytes: [UInt8]) throws(APIError) {
        guard !bytes.isEmpty else { throw .invalid("The body is empty; it has to be a JSON object with value.") }
        var value: String?
        do {
            try JSONReader.read(bytes) { reader in
                try reader.object { reader, name in
                    switch name {
                    case "value": value = try reader.string()
                    default: throw JSONProblem.unknownMember(name, accepted: Self.members)
                    }
                }
            }
        } catch {
            throw APIError(body: error)
        }
        guard let value else { throw .invalid("The body's value is missing; it is the value that the secret gets.") }
        self.init(value: try Self.value(value))
    }

    /// - Throws: ``APIError`` (400)
    public static func value(_ text: String) throws(APIError) -> SecretValue {
        do {
            return try SecretValue(text)
        } catch {
            throw .invalid("The value of the secret \(error.problem).")
        }
    }
}
