import Crypto
import Foundation
import WorkflowModel

/// The headers of a message, as Standard Webhooks has them.
enum WebhookSignature {
    /// - Parameters:
    ///   - secrets: each signs, so that a receiver that knows one of them can tell.
    ///   - now: of this attempt.
    static func headers(id: String, at now: Timestamp, body: [UInt8], secrets: [[UInt8]]) -> [(name: String, value: String)] {
        let seconds = String(now.milliseconds / 1_000)
        let signed = Array("\(id).\(seconds).".utf8) + body
        let signatures = secrets.map { secret in
            let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: secret))
            return "v1," + Data(code).base64EncodedString()
        }
        return [
            ("webhook-id", id), ("webhook-timestamp", seconds), ("webhook-signature", signatures.joined(separator: " ")),
        ]
    }
}
