import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// One event of a stream (HTML Standard, section 9.2).
struct ServerEvent: Hashable, Sendable {
    var name: String
    var data: String
    /// The id that a client sends back when it reconnects.
    var id: String?

    var text: String {
        var text = "event: \(name)\n"
        if let id { text += "id: \(id)\n" }
        // A line break within the data starts another data line.
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) { text += "data: \(line)\n" }
        return text + "\n"
    }
}

/// The result of one check for changes.
struct StreamStep: Sendable {
    var events: [ServerEvent]
    /// Whether no further events follow.
    var isOver: Bool
}

/// A stream of server-sent events. It polls the store, so that it works on every node and does not depend on workers.
struct EventStream: Sendable {
    /// The interval of checks, and the number of checks without an event after which a keep-alive is sent.
    static let interval = Duration.seconds(1)
    static let checksPerHeartbeat = 10
    /// Bytes per second of a stream of regions, on average, at most. After a large event the stream pauses.
    static let regionBytesPerSecond = 16_000
    /// The reconnection delay of browsers, in milliseconds.
    private static let comeBackAfter = 2_000

    let service: PageService

    /// - Parameters:
    ///   - bytesPerSecond: the average rate, at most; nil for no limit.
    ///   - look: checks for changes; called repeatedly.
    func response(
        to call: PageCall, bytesPerSecond: Int? = EventStream.regionBytesPerSecond,
        look: @escaping @Sendable () async throws -> StreamStep
    ) async throws -> Response {
        if call.wantsOneAnswer {
            let step = try await look()
            return Response(
                status: .ok, headers: Self.headers, body: ResponseBody(byteBuffer: ByteBuffer(string: Self.text(of: step))))
        }
        let visitor = try call.known()
        // A HEAD response has no body to stream.
        if call.request.method == .head { return Response(status: .ok, headers: Self.headers) }
        try service.streams.take(for: visitor.key)
        let (service, session) = (service, call.session)
        // An error of the first check is an error response, not the end of a stream.
        let first: StreamStep
        do {
            first = try await look()
        } catch {
            service.streams.release(for: visitor.key)
            throw error
        }
        return Response(
            status: .ok, headers: Self.headers,
            body: ResponseBody { writer in
                defer { service.streams.release(for: visitor.key) }
                var text = "retry: \(Self.comeBackAfter)\n\n" + Self.text(of: first)
                try await writer.write(ByteBuffer(string: text))
                var isOver = first.isOver
                var idleChecks = 0
                while !isOver, await Self.pause(Self.rest(after: text.utf8.count, bytesPerSecond), by: service.api.time) {
                    // Dropping or rotating a key ends its streams.
                    guard try await service.visitor(of: session) != nil else { break }
                    let step = try await look()
                    isOver = step.isOver
                    idleChecks = step.events.isEmpty ? idleChecks + 1 : 0
                    text = Self.text(of: step)
                    if !step.events.isEmpty || isOver {
                        try await writer.write(ByteBuffer(string: text))
                    } else if idleChecks % Self.checksPerHeartbeat == 0 {
                        // The write also detects a closed connection.
                        try await writer.write(ByteBuffer(string: ": still here\n\n"))
                    }
                }
                try await writer.finish(nil)
            })
    }

    private static let headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]

    private static func text(of step: StreamStep) -> String {
        step.events.map(\.text).joined() + (step.isOver ? ServerEvent(name: "over", data: "").text : "")
    }

    /// The pause of a stream after that many bytes.
    static func rest(after bytes: Int, _ bytesPerSecond: Int?) -> Duration {
        guard let bytesPerSecond else { return interval }
        return max(interval, .milliseconds(bytes * 1_000 / bytesPerSecond))
    }

    /// - Returns: false when the service shuts down: streams end first.
    private static func pause(_ duration: Duration, by time: any TimeSource) async -> Bool {
        let isAwake: Void? = try? await cancelWhenGracefulShutdown { try await time.sleep(for: duration) }
        return isAwake != nil && !Task.isShuttingDownGracefully
    }
}
