import Crypto
import Foundation
import WorkflowModel

/// The headers of a message, as Standard Webhooks defines them.
enum WebhookSignature {
    /// - Parameters:
    ///  - secrets: one signature for each, so that a receiver can verify with any of them.
    ///  - now: the time of this attempt.
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
