import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
import Synchronization
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// One event of a stream (HTML Standard, section 9.2).
struct ServerEvent: Hashable, Sendable {
    var name: String
    var data: String
    /// Where a client stands that has seen it.
    var id: String?

    var text: String {
        var text = "event: \(name)\n"
        if let id { text += "id: \(id)\n" }
        // A line break within the data would be the end of its line.
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) { text += "data: \(line)\n" }
        return text + "\n"
    }
}

/// What a stream says when it looks again.
struct StreamStep: Sendable {
    var events: [ServerEvent]
    /// Whether nothing can follow.
    var isOver: Bool
}

/// Sends events as they come, by looking at the store again and again: so it works on every node, and asks nothing of workers.
struct EventStream: Sendable {
    /// How often it looks, and after how many looks without anything new it shows that it is still there.
    static let interval = Duration.seconds(1)
    static let looksPerSign = 10
    /// How long a browser waits before it comes back, in milliseconds.
    private static let comeBackAfter = 2_000

    let service: PageService

    /// - Parameter look: what there is to say now; asked again and again.
    func response(
        to call: PageCall, look: @escaping @Sendable () async throws -> StreamStep
    ) async throws -> Response {
        if call.wantsOneAnswer {
            let step = try await look()
            return Response(
                status: .ok, headers: Self.headers, body: ResponseBody(byteBuffer: ByteBuffer(string: Self.text(of: step))))
        }
        let visitor = try call.known()
        // Nobody would ever read it.
        if call.request.method == .head { return Response(status: .ok, headers: Self.headers) }
        try service.streams.take(for: visitor.key)
        let (service, session) = (service, call.session)
        // What is wrong at the first look is an answer of its own, not the end of a stream.
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
                try await writer.write(ByteBuffer(string: "retry: \(Self.comeBackAfter)\n\n" + Self.text(of: first)))
                var isOver = first.isOver
                var silentLooks = 0
                while !isOver, await Self.pause(service.api.time) {
                    // A key that was dropped or rotated ends what it was looking at.
                    guard try await service.visitor(of: session) != nil else { break }
                    let step = try await look()
                    isOver = step.isOver
                    silentLooks = step.events.isEmpty ? silentLooks + 1 : 0
                    if !step.events.isEmpty || isOver {
                        try await writer.write(ByteBuffer(string: Self.text(of: step)))
                    } else if silentLooks % Self.looksPerSign == 0 {
                        // Also how one learns that nobody listens any more.
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

    /// - Returns: false when the service is about to end: streams are the first to go.
    private static func pause(_ time: any TimeSource) async -> Bool {
        let isAwake: Void? = try? await cancelWhenGracefulShutdown { try await time.sleep(for: interval) }
        return isAwake != nil && !Task.isShuttingDownGracefully
    }
}

/// What a client of a live page has seen.
final class SeenRegions: Sendable {
    private struct State {
        var tag: String?
        var html: [String: String] = [:]
    }

    private let state: Mutex<State>

    init(lastEventID: String?) {
        state = Mutex(State(tag: lastEventID))
    }

    /// The regions that differ from what was seen.
    func step(to look: LiveLook) -> StreamStep {
        state.withLock { state in
            guard look.tag != state.tag else { return StreamStep(events: [], isOver: look.isFinal) }
            state.tag = look.tag
            var events: [ServerEvent] = []
            for region in look.regions where state.html[region.id] != region.html {
                state.html[region.id] = region.html
                events.append(ServerEvent(name: "region", data: "\(region.id)\n\(region.html)"))
            }
            events.append(ServerEvent(name: "seen", data: "", id: look.tag))
            return StreamStep(events: events, isOver: look.isFinal)
        }
    }
}
