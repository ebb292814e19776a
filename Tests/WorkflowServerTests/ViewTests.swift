import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("Saved views over the API")
struct ViewTests {
    private func save(
        _ service: ServiceUnderTest, _ name: String, _ search: String, _ headers: HTTPFields
    ) async throws -> TestResponse {
        let body = String(buffer: ViewRequest(search: search).document)
        return try await service.send(.put, Paths.view(name), headers: headers, body: body)
    }

    private func names(_ service: ServiceUnderTest, _ headers: HTTPFields) async throws -> [String] {
        try SavedView.list(json: Array(try await service.get(Paths.views, headers).body.readableBytesView)).map(\.name)
    }

    @Test("are saved, listed by name, shown, changed and deleted")
    func life() async throws {
        try await withService { service in
            let credentials = try await service.makeKey(.operator)
            let writer = ServiceUnderTest.headers(token: try await service.token(for: credentials))
            let reader = try await service.headers(.viewer)
            let created = try await save(service, "Night / failed", "state:failed since:-1d", writer)
            #expect(created.status == .created)
            #expect(created.headers[.location] == "/api/workflow/views/Night%20%2F%20failed")
            let view = SavedView(
                name: "Night / failed", search: "state:failed since:-1d", savedBy: credentials.key.principal,
                savedAt: service.clock.now)
            #expect(try SavedView(json: Array(created.body.readableBytesView)) == view)
            let shown = try await service.get(try #require(created.headers[.location]), reader)
            #expect(shown.text == created.text && shown.headers[.eTag] != nil)

            #expect(try await save(service, "All", "", writer).status == .created)
            #expect(try await names(service, reader) == ["All", "Night / failed"])

            service.clock.advance(by: .seconds(60))
            let changed = try await save(service, "Night / failed", "state:failed", writer)
            #expect(changed.status == .ok && changed.headers[.location] == nil)
            #expect(try SavedView(json: Array(changed.body.readableBytesView)).savedAt == service.clock.now)

            #expect(try await service.send(.delete, Paths.view("All"), headers: writer).status == .noContent)
            #expect(try await names(service, reader) == ["Night / failed"])
            let again = try await service.send(.delete, Paths.view("All"), headers: writer)
            #expect(try again.error(.notFound).hasPrefix("There is no saved view \("All".quoted)."))
        }
    }

    @Test(
        "that do not exist are not found",
        arguments: ["none", "NIGHT", "a%00b", "x' OR '1'='1", String(repeating: "n", count: 1_025)])
    func unknown(name: String) async throws {
        try await withService { service in
            let headers = try await service.headers(.operator)
            #expect(try await save(service, "night", "state:failed", headers).status == .created)
            #expect(try await service.get(Paths.view(name), headers).error(.notFound).hasPrefix("There is no saved view "))
        }
    }

    @Test("belong to their tenant")
    func tenants() async throws {
        try await withService { service in
            let (ours, theirs) = (
                try await service.headers(.operator), try await service.headers(.operator, of: ServiceUnderTest.other)
            )
            #expect(try await save(service, "night", "state:failed", ours).status == .created)
            #expect(try await names(service, theirs).isEmpty)
            #expect(try await service.get(Paths.view("night"), theirs).status == .notFound)
            #expect(try await service.send(.delete, Paths.view("night"), headers: theirs).status == .notFound)
            // The same name is another view.
            #expect(try await save(service, "night", "state:succeeded", theirs).status == .created)
            #expect(try await service.get(Paths.view("night"), ours).json()["search"] == "state:failed")
        }
    }

    @Test("are saved and deleted by operators, and read by viewers")
    func policies() async throws {
        try await withService { service in
            let viewer = try await service.headers(.viewer)
            #expect(try await save(service, "a", "", viewer).status == .forbidden)
            #expect(try await service.send(.delete, Paths.view("a"), headers: viewer).status == .forbidden)
            #expect(try await service.get(Paths.views, viewer).status == .ok)
            #expect(try await save(service, "a", "", try await service.headers(.admin)).status == .created)
        }
    }

    @Test(
        "an invalid body or name is a 400 with the reason",
        arguments: [
            ("a", "", "is empty"), ("a", "{}", "search is missing"), ("a", #"{"search":"moon:full"}"#, "moon"),
            ("a", #"{"search":"since:someday"}"#, "someday"), ("a", #"{"search":"state:failed","name":"b"}"#, "name is unknown"),
            ("a", #"{"search":"\#(String(repeating: "a", count: 4_097))"}"#, "4096"), ("a", "[]", "not a JSON object"),
            ("..", #"{"search":""}"#, "The name of the view"), ("a//b", #"{"search":""}"#, "The name of the view"),
            ("a\nb", #"{"search":""}"#, "invisible character"),
            (String(repeating: "n", count: 1_025), #"{"search":""}"#, "1 to 1024"),
        ])
    func invalid(name: String, body: String, message: String) async throws {
        try await withService { service in
            let headers = try await service.headers(.operator)
            let response = try await service.send(.put, Paths.view(name), headers: headers, body: body)
            let error = try response.error(.invalid)
            #expect(error.contains(message), "\(error)")
            #expect(try await names(service, headers).isEmpty)
        }
    }

    @Test("a tenant has at most 200; one of them can still be changed")
    func most() async throws {
        try await withService { service in
            let headers = try await service.headers(.operator)
            for number in 0..<SavedView.most {
                let view = SavedView(
                    name: "view-\(number)", search: "", savedBy: Principal(id: "p-1", name: "Operator"), savedAt: service.clock.now)
                #expect(try await service.store.save(view, of: ServiceUnderTest.acme))
            }
            let error = try await save(service, "one more", "", headers).error(.conflict)
            #expect(error == "The tenant has 200 saved views, the most it may have. Delete one first.")
            #expect(try await save(service, "view-7", "state:failed", headers).status == .ok)
            #expect(try await service.send(.delete, Paths.view("view-8"), headers: headers).status == .noContent)
            #expect(try await save(service, "one more", "", headers).status == .created)
        }
    }
}
