import Foundation
import HTTPTypes
import WorkflowAPI
import WorkflowModel

/// Repeats a request when the service says when to try again.
struct PatientTransport: ClientTransport {
    let base: any ClientTransport
    let time: any TimeSource
    let waiting: @Sendable (Duration, APIError) -> Void

    func send(_ request: ClientRequest) async throws(ClientError) -> ClientAnswer {
        var waits = 0
        while true {
            let answer = try await base.send(request)
            guard await self.waits(after: answer, to: request, &waits) else { return answer }
        }
    }

    func stream(_ request: ClientRequest) async throws(ClientError) -> ClientStream {
        var waits = 0
        while true {
            let answer = try await base.stream(request)
            guard APIError.Kind(status: answer.status) != nil else { return answer }
            // The answers that are errors are short.
            let body = try await answer.body.collected(upTo: HTTPTransport.largestAnswer)
            let whole = ClientAnswer(status: answer.status, headers: answer.headers, body: body)
            guard await self.waits(after: whole, to: request, &waits) else {
                return ClientStream(status: whole.status, headers: whole.headers, body: ClientBytes(whole.body))
            }
        }
    }

    /// Waits as long as an answer asks for.
    /// - Returns: whether to send the request again.
    private func waits(after answer: ClientAnswer, to request: ClientRequest, _ waits: inout Int) async -> Bool {
        guard waits < WorkflowClient.mostWaits,
            let refusal = APIError(status: answer.status, body: answer.body, headers: answer.headers),
            let pause = Self.pause(after: refusal, request, at: time.now)
        else { return false }
        waits += 1
        waiting(pause, refusal)
        do {
            try await time.sleep(for: pause)
            return true
        } catch {
            return false
        }
    }

    /// - Returns: nil when the request is not repeated.
    private static func pause(after refusal: APIError, _ request: ClientRequest, at now: Timestamp) -> Duration? {
        switch refusal.kind {
        // The service has not handled a request above the limit.
        case .rateLimited: break
        // An unavailable service may have handled it, so only a request that may be handled twice is repeated.
        case .unavailable: if !request.isRepeatable { return nil }
        // Another request with the same key is being handled; a conflict of any other kind may last.
        case .conflict: if request.headers[HeaderNames.idempotencyKey] == nil { return nil }
        default: return nil
        }
        guard let wait = refusal.headers[.retryAfter].flatMap({ wait($0, at: now) }), wait >= .zero else { return nil }
        let pause = max(wait, .seconds(1))
        return pause <= WorkflowClient.longestWait ? pause : nil
    }

    /// Seconds, or the date of an HTTP header (RFC 9110, section 10.2.3), which proxies send.
    private static func wait(_ text: String, at now: Timestamp) -> Duration? {
        if let seconds = Int64(text) { return .seconds(seconds) }
        let format = Date.ParseStrategy(
            format: """
                \(weekday: .abbreviated), \(day: .twoDigits) \(month: .abbreviated) \(year: .defaultDigits) \
                \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits) GMT
                """, locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt)
        guard let date = try? Date(text, strategy: format) else { return nil }
        return max(.zero, Timestamp(milliseconds: Int64(date.timeIntervalSince1970 * 1_000)) - now)
    }
}

extension ClientRequest {
    /// Whether handling it twice has the effect of handling it once: by its method (RFC 9110, section 9.2.2) or its key, or because it
    /// only creates a token.
    fileprivate var isRepeatable: Bool {
        switch method {
        case .get, .head, .put: true
        case .post: headers[HeaderNames.idempotencyKey] != nil || url.hasSuffix(Paths.token)
        default: false
        }
    }
}
