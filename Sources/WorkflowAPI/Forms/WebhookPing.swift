public import NIOCore

/// The answer to the call by which GitHub tries a new webhook: its signature is valid. It starts nothing, and is not recorded.
public enum WebhookPing {
    public static let document = JSONWriter.document(capacity: 128) { json in
        json.object { json in
            json.member("outcome", "ping")
            json.member("message", "The signature is valid. A ping starts no run.")
        }
    }
}
