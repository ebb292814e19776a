import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel

/// The output of tasks.
struct OutputRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [
            Route(TaskEndpoints.output) { call in try await output(call) },
            Route(RunEndpoints.output) { call in try await outputOfRun(call) },
        ]
    }

    private func outputOfRun(_ call: APICall) async throws -> Response {
        let attempt = try call.parameters[RunEndpoints.attempt]
        let (id, tenant) = (try call.runID(), try call.granted().tenant)
        let place = try call.parameters.place { service.pageTokens.open($0, of: id, attempt: attempt, tenant: tenant) }
        let page = try await service.stores.tasks.output(
            RunOutputQuery(of: id, tenant: tenant, attempt: attempt, from: place, limit: Limits.runOutput))
        guard let page else { throw APICall.noSuchRun }
        let token = page.next.map { service.pageTokens.seal($0, of: id, attempt: attempt, tenant: tenant) }
        return .json(
            RunOutputAnswer(slices: page.slices, nextToken: token).document, headers: [.cacheControl: "private, no-cache"])
    }

    private func output(_ call: APICall) async throws -> Response {
        let attempt = try call.parameters[RunEndpoints.attempt]
        let from = try call.parameters[TaskEndpoints.outputFrom] ?? 0
        let noSuchOutput = APIError(.notFound, "There is no such task in a run with that id, or it has no such attempt.")
        guard call.pathValues.count == 2, call.pathValues.allSatisfy(APICall.isPossibleID) else { throw noSuchOutput }
        let slice = try await service.stores.tasks.output(
            TaskOutputQuery(
                of: TaskID(rawValue: call.pathValues[1]), in: RunID(rawValue: call.pathValues[0]), tenant: call.granted().tenant,
                attempt: attempt, from: from, limit: Limits.outputSlice))
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
