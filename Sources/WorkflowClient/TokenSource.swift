import WorkflowAPI
import WorkflowModel

/// Keeps an access token that a key was exchanged for, and renews it in time.
actor TokenSource {
    /// A token is renewed this long before it expires.
    private static let margin = Duration.seconds(60)

    private var current: (token: String, until: Timestamp)?
    private let time: any TimeSource
    private let exchange: @Sendable () async throws(ClientError) -> TokenAnswer

    init(time: any TimeSource, exchange: @escaping @Sendable () async throws(ClientError) -> TokenAnswer) {
        self.time = time
        self.exchange = exchange
    }

    func token() async throws(ClientError) -> String {
        if let current, time.now < current.until { return current.token }
        let answer = try await exchange()
        current = (answer.accessToken, time.now + .seconds(answer.expiresIn) - Self.margin)
        return answer.accessToken
    }
}

extension Timestamp {
    fileprivate static func - (instant: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: instant.milliseconds - duration.milliseconds)
    }
}
