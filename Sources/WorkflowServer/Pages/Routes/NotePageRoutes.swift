import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// The form that leaves a note on a run.
struct NotePageRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        [PageRoute(.post, PageAddress.history + "/{id}/notes", .policy(.operator)) { call in try await add(call) }]
    }

    private func add(_ call: PageCall) async throws -> Response {
        let (id, visitor) = (try call.runID(), try call.known())
        let request = try NoteRequest(checking: try call.field("text"))
        _ = try await service.api.addNote(
            request.text, to: id, by: Principal(id: visitor.key, name: visitor.name), of: visitor.tenant)
        return .seeOther(PageAddress.run(id) + "#notes")
    }
}
