import HTTPTypes
import NIOCore
import WorkflowAPI
public import WorkflowModel

extension WorkflowClient {
    /// The saved views of the tenant, by name.
    public func views() async throws(ClientError) -> [SavedView] {
        try read(try await send(ViewEndpoints.list), SavedView.list(json:))
    }

    public func view(named name: String) async throws(ClientError) -> SavedView {
        try read(try await send(ViewEndpoints.show, name), SavedView.init(json:))
    }

    /// Saves a search under a name, in place of one with the same name.
    public func saveView(_ search: String, as name: String) async throws(ClientError) -> SavedView {
        try read(try await send(ViewEndpoints.save, name, json: ViewRequest(search: search).document), SavedView.init(json:))
    }

    public func deleteView(named name: String) async throws(ClientError) {
        _ = try await send(ViewEndpoints.delete, name)
    }
}
