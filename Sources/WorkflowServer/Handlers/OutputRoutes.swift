import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel

/// What tasks printed.
struct OutputRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [Route(.get, Paths.runs + "/{id}/tasks/{task_id}/output", .policy(.viewer)) { call in try await output(call) }]
    }

    private func output(_ call: APICall) async throws -> Response {
        let parameters = try Parameters(call.query, accepting: ["attempt", "from"])
        let attempt = try parameters.integer("attempt", in: 1...1_000_000)
        let from = try parameters.integer("from", in: 0...Int.max) ?? 0
        let noSuchOutput = APIError(.notFound, "There is no such task in a run with that id, or it has no such attempt.")
        guard call.pathValues.count == 2, call.pathValues.allSatisfy(APICall.isPossibleID) else { throw noSuchOutput }
        let slice = try await service.store.output(
            of: TaskID(rawValue: call.pathValues[1]), in: RunID(rawValue: call.pathValues[0]), tenant: call.granted().tenant,
            attempt: attempt, from: from, limit: Limits.outputSlice)
        guard let slice else { throw noSuchOutput }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/plain; charset=utf-8",
                .cacheControl: "private, no-cache",
                HeaderNames.outputAttempt: String(slice.attempt),
                HeaderNames.outputFrom: String(slice.offset),
                HeaderNames.outputNext: String(slice.offset + slice.bytes.count),
                HeaderNames.outputLast: slice.isLast ? "true" : "false",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: slice.bytes)))
    }
}
