import HTTPTypes
import Hummingbird
import NIOCore

/// The event that a handler begins to read a body.
struct BodyIsAwaited: Sendable {}

/// The body of a request with `Expect: 100-continue`. The first read sends 100, after every check that can refuse the request by its
/// headers (RFC 9110, section 10.1.1).
struct ContinuingBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let body: RequestBody
    let channel: any Channel

    struct AsyncIterator: AsyncIteratorProtocol {
        var inner: RequestBody.AsyncIterator
        /// nil after 100 has been sent.
        var channel: (any Channel)?

        mutating func next() async throws -> ByteBuffer? {
            if let channel {
                self.channel = nil
                try await channel.triggerUserOutboundEvent(BodyIsAwaited()).get()
            }
            return try await inner.next()
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(inner: body.makeAsyncIterator(), channel: channel)
    }
}

extension Request {
    /// Sends 100 when the body is read, if the client waits for it.
    func continuing(over channel: any Channel) -> Request {
        guard headers[.expect]?.lowercased() == "100-continue" else { return self }
        var request = self
        request.body = RequestBody(asyncSequence: ContinuingBody(body: body, channel: channel))
        return request
    }
}
