import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel

/// Notes on runs: an addition to the contract.
struct NoteRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [Route(NoteEndpoints.add) { call in try await add(call) }]
    }

    private func add(_ call: APICall) async throws -> Response {
        let (id, grant) = (try call.runID(), try call.granted())
        let request = try NoteRequest(body: try await call.jsonBody(of: NoteEndpoints.add))
        let note = try await service.addNote(request.text, to: id, by: grant.key.principal, of: grant.tenant)
        return .json(note.document, status: .created, headers: [.location: Paths.run(id)])
    }
}

extension APIService {
    /// - Parameter text: checked.
    /// - Throws: ``APIError``: 404 for a run that does not exist, 409 for one with as many notes as it may have.
    func addNote(_ text: String, to run: RunID, by principal: Principal, of tenant: Tenant) async throws -> RunNote {
        let note = RunNote(by: principal, at: time.now, text: text)
        switch try await stores.notes.addNote(note, to: run, of: tenant) {
        case .written: return note
        case .noSuchRun: throw APICall.noSuchRun
        case .tooMany: throw APIError(.conflict, "The run has \(RunNote.most) notes. It takes no more.")
        }
    }
}
