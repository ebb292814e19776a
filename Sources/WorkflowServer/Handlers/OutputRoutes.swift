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
        guard var page else { throw APICall.noSuchRun }
        let view = try call.outputView()
        page.show(view)
        let token = page.next.map { service.pageTokens.seal($0, of: id, attempt: attempt, tenant: tenant) }
        return .json(
            RunOutputAnswer(slices: page.slices, nextToken: token).document, headers: [.cacheControl: "private, no-cache"])
    }

    private func output(_ call: APICall) async throws -> Response {
        let attempt = try call.parameters[RunEndpoints.attempt]
        let from = try call.parameters[TaskEndpoints.outputFrom] ?? 0
        let view = try call.outputView()
        // The byte before says whether a line begins.
        let before = view.hasTimestamps && from > 0 ? 1 : 0
        let noSuchOutput = APIError(.notFound, "There is no such task in a run with that id, or it has no such attempt.")
        guard call.pathValues.count == 2, call.pathValues.allSatisfy(APICall.isPossibleID) else { throw noSuchOutput }
        let slice = try await service.stores.tasks.output(
            TaskOutputQuery(
                of: TaskID(rawValue: call.pathValues[1]), in: RunID(rawValue: call.pathValues[0]), tenant: call.granted().tenant,
                attempt: attempt, from: from - before, limit: Limits.outputSlice + before))
        guard let slice else { throw noSuchOutput }
        let begin = max(from, slice.offset)
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/plain; charset=utf-8",
                .cacheControl: "private, no-cache",
                HeaderNames.outputAttempt: String(slice.attempt),
                HeaderNames.outputFrom: String(begin),
                HeaderNames.outputNext: String(max(begin, slice.end)),
                HeaderNames.outputLast: slice.isLast ? "true" : "false",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: view.bytes(of: slice, behind: begin - slice.offset))))
    }
}

extension APICall {
    fileprivate func outputView() throws -> OutputView {
        OutputView(
            hasTimestamps: try parameters[TaskEndpoints.timestamps] ?? false, stream: try parameters[TaskEndpoints.stream])
    }
}

extension RunOutputPage {
    /// Writes the output as a view shows it.
    fileprivate mutating func show(_ view: OutputView) {
        guard !view.isPlain else { return }
        // A part that goes on ends with a line, so that the next page begins one.
        if view.hasTimestamps, let last = slices.indices.last, let place = next, place.attempt != nil,
            place.offset == slices[last].next, let end = slices[last].slice.bytes.lastIndex(of: UInt8(ascii: "\n"))
        {
            slices[last].slice.bytes.removeSubrange((end + 1)...)
            slices[last].next = slices[last].slice.end
            next?.offset = slices[last].next
        }
        for index in slices.indices { slices[index].slice.bytes = view.bytes(of: slices[index].slice) }
    }
}
