import Foundation
public import WorkflowModel

/// The secret that signs what a receiver is sent, as Standard Webhooks writes it: `whsec_` and Base64.
public enum WebhookSecret {
    public static let prefix = "whsec_"
    /// Random bytes of one.
    public static let length = 32

    /// - Parameter random: has to be good enough for secrets.
    public static func make(random: any RandomSource) -> [UInt8] {
        random.bytes(length)
    }

    /// As it is shown, once.
    public static func text(_ secret: [UInt8]) -> String {
        prefix + Data(secret).base64EncodedString()
    }
}
