import Foundation
public import WorkflowModel

/// The secret that signs what a receiver is sent, as Standard Webhooks writes it: `whsec_` and Base64.
public enum WebhookSecret {
    public static let prefix = "whsec_"
    /// Random bytes in a secret.
    public static let length = 32

    /// - Parameter random: has to be good enough for secrets.
    public static func make(random: any RandomSource) -> [UInt8] {
        random.bytes(length)
    }

    /// The text that the receiver is configured with.
    public static func text(_ secret: [UInt8]) -> String {
        prefix + Data(secret).base64EncodedString()
    }

    /// - Returns: nil for a text that is not one of these secrets.
    public static func bytes(_ text: String) -> [UInt8]? {
        guard text.hasPrefix(prefix), let data = Data(base64Encoded: String(text.dropFirst(prefix.count))), data.count == length
        else { return nil }
        return Array(data)
    }
}
