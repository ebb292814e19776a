import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// The output of attempts: a live stream and a download.
struct LogRoutes: Sendable {
    let service: PageService

    /// Bytes per event of a live stream, at most.
    private static let pieceBytes = 65_536

    var routes: [PageRoute] {
        [
            PageRoute(.get, TaskPageRoutes.path + "/log", .policy(.viewer)) { call in try await download(call) },
            PageRoute(.get, TaskPageRoutes.path + "/log/live", .policy(.viewer)) { call in try await follow(call) },
        ]
    }

    static func attempt(of call: PageCall) throws(APIError) -> Int? {
        guard let text = try call.parameter("attempt") else { return nil }
        guard let attempt = Int(text), attempt > 0 else { throw PageService.noSuchTask }
        return attempt
    }

    /// The raw output, with its control sequences.
    private func download(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let found = try await service.task(of: call)
        let output = try await service.keptOutput(
            of: found.task.id, in: found.run.id, tenant: visitor.tenant, attempt: try Self.attempt(of: call))
        guard let output else { throw PageService.noSuchTask }
        let name = "\(found.task.id.rawValue)-\(output.attempt).log".filter {
            $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0))
        }
        var headers: HTTPFields = [.contentType: "text/plain; charset=utf-8"]
        headers[.contentDisposition] = "attachment; filename=\"\(name)\""
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: output.bytes)))
    }

    private func follow(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let found = try await service.task(of: call)
        let attempt = try Self.attempt(of: call)
        let text = try call.lastEventID ?? call.parameter("place") ?? ""
        let place = Mutex(LogPlace(text: text) ?? LogPlace())
        let service = service
        return try await EventStream(service: service).response(to: call, bytesPerSecond: nil) {
            let from = place.withLock { $0 }
            let slice = try await service.stores.tasks.output(
                TaskOutputQuery(
                    of: found.task.id, in: found.run.id, tenant: visitor.tenant, attempt: attempt, from: from.offset,
                    limit: Self.pieceBytes))
            guard let slice else { throw PageService.noSuchTask }
            let piece = LogPiece(slice, from: from)
            guard piece.place != from else { return StreamStep(events: [], isOver: slice.isLast) }
            place.withLock { $0 = piece.place }
            return StreamStep(
                events: [ServerEvent(name: piece.erasesLine ? "redraw" : "log", data: piece.html, id: piece.place.text)],
                isOver: slice.isLast)
        }
    }
}
