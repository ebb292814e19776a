import Crypto
import Foundation
import HTTPTypes
import WorkflowAPI
import WorkflowModel

/// A call of a webhook whose signature is valid.
struct WebhookCall: Hashable, Sendable {
    /// Identifies the call: calls with the same id are repetitions. The signature covers it.
    let delivery: String
    /// Whether it is the call by which GitHub tries a new webhook. The signature does not cover the header that says so: a wrong one only
    /// keeps the call from starting a run.
    let isPing: Bool

    /// - Throws: ``APIError``: 400 for headers that cannot be read, 401 for a signature that is missing, old or wrong.
    init(_ headers: HTTPFields, body: [UInt8], secret: WebhookKey, at now: Timestamp) throws(APIError) {
        if headers.contains(Self.signature) || headers.contains(Self.id) || headers.contains(Self.timestamp) {
            delivery = try Self.standard(headers, body: body, key: secret.ofStandardWebhooks, at: now)
            isPing = false
        } else if let signature = headers[Self.hubSignature] {
            delivery = try Self.hub(signature, body: body, key: secret.ofHub)
            isPing = headers[Self.hubEvent] == "ping"
        } else {
            throw Self.refusal(
                "The call has no signature. Accepted: the headers webhook-id, webhook-timestamp and webhook-signature "
                    + "(Standard Webhooks), or X-Hub-Signature-256 (GitHub).")
        }
    }

    static let id = HTTPField.Name.known("webhook-id")
    static let timestamp = HTTPField.Name.known("webhook-timestamp")
    static let signature = HTTPField.Name.known("webhook-signature")
    static let hubSignature = HTTPField.Name.known("X-Hub-Signature-256")
    static let hubEvent = HTTPField.Name.known("X-GitHub-Event")

    /// Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, one of several signatures `v1,Base64`.
    private static func standard(
        _ headers: HTTPFields, body: [UInt8], key: SymmetricKey, at now: Timestamp
    ) throws(APIError) -> String {
        guard let id = headers[id], let seconds = headers[timestamp], let signatures = headers[signature] else {
            throw refusal(
                "The signature is not complete. Accepted: the headers webhook-id, webhook-timestamp and webhook-signature together."
            )
        }
        guard (1...TriggerLimits.deliveryBytes).contains(id.utf8.count) else {
            throw .invalid(
                "The header webhook-id has \(id.utf8.count) bytes. Accepted: 1 to \(TriggerLimits.deliveryBytes).")
        }
        guard seconds.utf8.count <= 12, seconds.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let instant = Int64(seconds).map({ Timestamp(milliseconds: $0 * 1_000) })
        else {
            throw .invalid(
                "The header webhook-timestamp is \(seconds.quoted). Accepted: whole seconds since 1970-01-01, such as "
                    + "\(now.milliseconds / 1_000).")
        }
        let code = HMAC<SHA256>.authenticationCode(for: Array("\(id).\(seconds).".utf8) + body, using: key)
        let isSigned = signatures.split(separator: " ").reduce(false) { isSigned, signature in
            // All are compared, so that the time does not tell which one matches.
            isMatch(signature, of: code) || isSigned
        }
        guard isSigned else {
            throw refusal(
                "No signature in webhook-signature matches. Check that the sender signs with the secret of this webhook, and sends the "
                    + "body as it was signed.")
        }
        // In whole seconds, as the sender writes it.
        let age = now.milliseconds / 1_000 - instant.milliseconds / 1_000
        let accepted = TriggerLimits.tolerance.milliseconds / 1_000
        guard abs(age) <= accepted else {
            throw refusal(
                "The call was signed at \(instant.iso8601), \(abs(age)) seconds \(age > 0 ? "behind" : "ahead of") the clock of the "
                    + "service. Accepted: \(accepted) at most. Sign each attempt anew, and check the clock.")
        }
        return id
    }

    private static func isMatch(_ signature: Substring, of code: HMAC<SHA256>.MAC) -> Bool {
        guard signature.hasPrefix("v1,"), let bytes = Data(base64Encoded: String(signature.dropFirst(3))) else { return false }
        return SecretHash.constantTimeEqual(Array(bytes), Array(code))
    }

    /// GitHub: HMAC-SHA256 over the body, as `sha256=` and hexadecimal digits. It covers neither `X-GitHub-Delivery` nor a time, so
    /// that the body itself has to tell calls apart.
    private static func hub(_ signature: String, body: [UInt8], key: SymmetricKey) throws(APIError) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: body, using: key)
        guard SecretHash.constantTimeEqual(Array(signature.lowercased().utf8), Array("sha256=\(hex(code))".utf8)) else {
            throw refusal(
                "The signature in X-Hub-Signature-256 does not match. Check that the sender signs with the secret of this webhook, and "
                    + "sends the body as it was signed.")
        }
        return "sha256-" + hex(SHA256.hash(data: body))
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func refusal(_ message: String) -> APIError {
        APIError(.unauthenticated, message, headers: [.wwwAuthenticate: "Signature realm=\"weir\""])
    }
}

/// The key that signs the calls of a webhook.
struct WebhookKey: Sendable {
    /// The bytes that `whsec_` and Base64 stand for; of another text, its own bytes.
    let ofStandardWebhooks: SymmetricKey
    /// The bytes of the text.
    let ofHub: SymmetricKey

    /// - Returns: nil for a secret that is too short to sign with.
    init?(_ secret: SecretValue) {
        let text = Array(secret.text.utf8)
        var decoded = text
        if secret.text.hasPrefix(WebhookSecret.prefix) {
            guard let data = Data(base64Encoded: String(secret.text.dropFirst(WebhookSecret.prefix.count))) else { return nil }
            decoded = Array(data)
        }
        guard decoded.count >= TriggerLimits.shortestKey, text.count >= TriggerLimits.shortestKey else { return nil }
        ofStandardWebhooks = SymmetricKey(data: decoded)
        ofHub = SymmetricKey(data: text)
    }
}
