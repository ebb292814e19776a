import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowOperations
import WorkflowServer
import WorkflowTestKit

@Suite("Secrets over the API")
struct SecretTests {
    private func set(
        _ service: ServiceUnderTest, _ name: String, _ value: String, _ headers: HTTPFields
    ) async throws -> TestResponse {
        let body = JSONValue.object(["value": .string(value)]).text
        return try await service.send(.put, Paths.secret(name), headers: headers, body: body)
    }

    @Test("are set, listed without their values, and deleted")
    func life() async throws {
        try await withService { service in
            let credentials = try await service.makeKey(.admin)
            let headers = ServiceUnderTest.headers(token: try await service.token(for: credentials))
            let created = try await set(service, "warehouse", "correct horse", headers)
            #expect(created.status == .created && created.headers[.location] == "/api/workflow/secrets/warehouse")
            let secret = TenantSecret(name: "warehouse", setBy: credentials.key.principal, setAt: service.clock.now)
            #expect(try TenantSecret(json: Array(created.body.readableBytesView)) == secret)
            service.clock.advance(by: .seconds(60))
            let changed = try await set(service, "warehouse", "battery staple", headers)
            #expect(changed.status == .ok && changed.headers[.location] == nil)
            let listed = try await service.get(Paths.secrets, headers)
            let facts = try TenantSecret.list(json: Array(listed.body.readableBytesView))
            #expect(facts.map(\.version) == [2] && facts.map(\.setAt) == [service.clock.now])
            for answer in [created, changed, listed] {
                #expect(!answer.text.contains("horse") && !answer.text.contains("staple"))
            }
            #expect(try await service.send(.delete, Paths.secret("warehouse"), headers: headers).status == .noContent)
            let again = try await service.send(.delete, Paths.secret("warehouse"), headers: headers)
            #expect(try again.error(.notFound) == "There is no secret with that name.")
            #expect(try await service.get(Paths.secrets, headers).json()["data"] == .array([]))
        }
    }

    @Test("are for admins only", arguments: [AccessPolicy.viewer, .operator])
    func policies(policy: AccessPolicy) async throws {
        try await withService { service in
            let headers = try await service.headers(policy)
            #expect(try await service.get(Paths.secrets, headers).status == .forbidden)
            #expect(try await set(service, "warehouse", "correct horse", headers).status == .forbidden)
            #expect(try await service.send(.delete, Paths.secret("warehouse"), headers: headers).status == .forbidden)
        }
    }

    @Test(
        "that are not accepted are refused without showing the value",
        arguments: [
            ("warehouse", #"{"value":"hunter2"}"#, "The value of the secret has 7 bytes"),
            ("warehouse", #"{"value":"   hunter2   "}"#, "The value of the secret has 7 bytes"),
            ("warehouse", #"{"value":"hunter2\u0000hunter2"}"#, "The value of the secret contains a NUL character"),
            ("warehouse", #"{"value":["hunter2hunter2"]}"#, "value"), ("warehouse", #"{"value":"hunter2hunter2"#, "The body"),
            ("warehouse", #"{"valeu":"hunter2hunter2"}"#, "valeu"), ("warehouse", "{}", "The body's value is missing"),
            ("ware.house", #"{"value":"hunter2hunter2"}"#, "Accepted: 1 to 64 letters"),
            ("1st", #"{"value":"hunter2hunter2"}"#, "Accepted: 1 to 64 letters"),
        ])
    func refused(name: String, body: String, message: String) async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let response = try await service.send(.put, Paths.secret(name), headers: headers, body: body)
            let shown = try response.error(.invalid)
            #expect(shown.contains(message) && !shown.contains("hunter2"), "\(shown)")
            #expect(try await service.get(Paths.secrets, headers).json()["data"] == .array([]))
        }
    }

    @Test("have a limit in length and in number")
    func limits() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            // Every byte is escaped.
            let escaped = String(repeating: "\u{1}", count: SecretRule.longestValue)
            #expect(try await set(service, "escaped", escaped, headers).status == .created)
            #expect(try await service.send(.delete, Paths.secret("escaped"), headers: headers).status == .noContent)
            let text = String(repeating: "\u{1F511}", count: SecretRule.longestValue / 4)
            #expect(try await set(service, "longest", text, headers).status == .created)
            #expect(try await set(service, "longer", text + "x", headers).error(.invalid).contains("16384"))
            for number in 1..<SecretRule.most {
                #expect(try await set(service, "s\(number)", "correct horse", headers).status == .created)
            }
            #expect(try await set(service, "another", "correct horse", headers).error(.conflict).contains("200 secrets"))
            #expect(try await set(service, "s1", "battery staple", headers).status == .ok)
        }
    }

    @Test("belong to their tenant")
    func tenants() async throws {
        try await withService { service in
            let (ours, theirs) = (
                try await service.headers(.admin), try await service.headers(.admin, of: ServiceUnderTest.other)
            )
            #expect(try await set(service, "warehouse", "correct horse", ours).status == .created)
            #expect(try await service.get(Paths.secrets, theirs).json()["data"] == .array([]))
            #expect(try await service.send(.delete, Paths.secret("warehouse"), headers: theirs).status == .notFound)
            #expect(try await set(service, "warehouse", "battery staple", theirs).status == .created)
            #expect(try await service.store.secrets(of: ServiceUnderTest.acme).map(\.version) == [1])
        }
    }

    @Test("of a node without a key are refused with what it needs")
    func noKey() async throws {
        try await withService { service in
            let vault = SecretVault(store: service.store, file: nil)
            let value = try SecretValue("correct horse")
            let error = await #expect(throws: APIError.self) {
                try await vault.set(value, as: "a", by: Principal(id: "p", name: "P"), of: ServiceUnderTest.acme)
            }
            #expect(error?.message == "This node has no key for secrets. Start all nodes with the same --secrets-key-file.")
        }
    }
}

@Suite("Settings › Secrets")
struct SecretPageTests {
    @Test("lists, sets and deletes, and never shows a value")
    func life() async throws {
        try await withService { service in
            let browser = try await BrowserSession.signedIn(.admin, on: service).browser
            #expect(try await browser.get("/settings/secrets").text.contains("No secrets yet"))
            let value = "correct%0D%0Ahorse%2F%3Cb%3E"
            #expect(try await browser.post("/settings/secrets", "name=warehouse&value=\(value)").status == .seeOther)
            let list = try await browser.get("/settings/secrets")
            #expect(list.text.contains("<code>warehouse</code>") && !list.text.contains("horse"))
            let form = try await browser.get("/settings/secrets/new?name=warehouse")
            #expect(form.text.contains(#"value="warehouse""#) && !form.text.contains("horse"))
            let short = try await browser.post("/settings/secrets", "name=%3Cb%3E&value=hunter2")
            #expect(short.status == .badRequest && !short.text.contains("hunter2") && short.text.contains("has 7 bytes"))
            let unnamed = try await browser.post("/settings/secrets", "name=%3Cb%3E&value=hunter2hunter2")
            #expect(unnamed.status == .badRequest && !unnamed.text.contains("hunter2") && unnamed.text.contains("&lt;b&gt;"))
            #expect(try await browser.get("/settings/secrets/warehouse/delete").text.contains("Delete the secret warehouse?"))
            #expect(try await browser.get("/settings/secrets/none/delete").status == .notFound)
            #expect(try await browser.post("/settings/secrets/warehouse/delete").status == .seeOther)
            #expect(try await service.store.secrets(of: ServiceUnderTest.acme).isEmpty)
        }
    }

    @Test("is for admins only", arguments: [AccessPolicy.viewer, .operator])
    func policies(policy: AccessPolicy) async throws {
        try await withService { service in
            let browser = try await BrowserSession.signedIn(policy, on: service).browser
            for path in ["/settings/secrets", "/settings/secrets/new", "/settings/secrets/a/delete"] {
                #expect(try await browser.get(path).status == .forbidden)
            }
            #expect(try await browser.post("/settings/secrets", "name=a&value=correct+horse").status == .forbidden)
            #expect(try await !browser.get("/runs").text.contains("/settings/secrets"))
        }
    }
}
