import AsyncHTTPClient
import HTTPTypes
import HummingbirdTesting
import NIOCore
import NIOHTTP1
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("Addressing: tenants, versions, paths, methods")
struct AddressingTests {
    @Test("a tenant is named by any of the headers, in any case")
    func headers() async throws {
        try await withService { service in
            let token = try await service.token(for: service.makeKey(.viewer))
            for name in ["amperity-tenant", "Amperity-Tenant", "X-Amperity-Tenant", "weir-tenant", "WEIR-TENANT"] {
                let field = try #require(HTTPField.Name(name))
                let response = try await service.get(Paths.runs, [.authorization: "Bearer \(token)", field: "acme"])
                #expect(response.status == .ok, "\(name)")
            }
            let both: HTTPFields = [
                .authorization: "Bearer \(token)", HeaderNames.tenant: "ACME", HeaderNames.historicalTenant: "acme",
            ]
            #expect(try await service.get(Paths.runs, both).status == .ok)
            var twice: HTTPFields = [.authorization: "Bearer \(token)"]
            twice[values: HeaderNames.olderTenant] = ["acme", "Acme"]
            #expect(try await service.get(Paths.runs, twice).status == .ok)
            twice[values: HeaderNames.olderTenant] = ["acme", "other"]
            #expect(try await service.get(Paths.runs, twice).error(.invalid).contains("two tenants, acme and other"))
        }
    }

    @Test("no tenant, two tenants and an invalid tenant are refused; another tenant is forbidden")
    func refusals() async throws {
        try await withService { service in
            let token = try await service.token(for: service.makeKey(.viewer))
            func send(_ fields: HTTPFields) async throws -> TestResponse {
                var fields = fields
                fields[.authorization] = "Bearer \(token)"
                return try await service.get(Paths.runs, fields)
            }
            #expect(try await send([:]).error(.invalid).contains("amperity-tenant"))
            #expect(
                try await send([HeaderNames.tenant: "other", HeaderNames.historicalTenant: "acme"]).error(.invalid)
                    .contains("two tenants"))
            #expect(
                try await send([HeaderNames.olderTenant: "other", HeaderNames.tenant: "acme"]).error(.invalid)
                    .contains("two tenants"))
            for name in ["", "-", "a b", "a.b", "../etc", "acme'--", "ü", String(repeating: "a", count: 64), "acme, acme"] {
                #expect(
                    try await send([HeaderNames.historicalTenant: name]).error(.invalid).contains("does not name a tenant"),
                    "\(name)")
            }
            let other = try await send([HeaderNames.historicalTenant: "other"])
            #expect(try other.error(.forbidden).contains("not for the tenant other"))
            #expect(other.headers[.wwwAuthenticate] == "Bearer realm=\"weir\", error=\"insufficient_scope\"")
        }
    }

    @Test("a host {tenant}.{domain} names the tenant where no header does; a shared entry and any other host name none")
    func hosts() async throws {
        try await withService(.ahc(), settings: ServerSettings(domain: "Runs.Example", rateLimit: 0)) { service in
            let token = try await service.token(for: service.makeKey(.viewer))
            let port = try #require(service.client.port)
            func status(host: String, tenant: String? = nil) async throws -> UInt {
                var request = HTTPClientRequest(url: "http://localhost:\(port)\(Paths.runs)")
                request.headers.add(name: "Host", value: host)
                request.headers.add(name: "Authorization", value: "Bearer \(token)")
                if let tenant { request.headers.add(name: "amperity-tenant", value: tenant) }
                return try await HTTPClient.shared.execute(request, timeout: .seconds(30)).status.code
            }
            for host in ["acme.runs.example", "ACME.Runs.Example", "acme.runs.example:8080"] {
                #expect(try await status(host: host) == 200, "\(host)")
            }
            #expect(try await status(host: "acme.runs.example", tenant: "acme") == 200)
            #expect(try await status(host: "runs.example", tenant: "acme") == 200)
            #expect(try await status(host: "whatever.else", tenant: "acme") == 200)
            // A sandbox is addressed through the host of its production.
            for host in ["other.runs.example", "app.runs.example", "app-aws-apse2.runs.example"] {
                #expect(try await status(host: host, tenant: "acme") == 200, "\(host)")
            }
            #expect(try await status(host: "acme.runs.example", tenant: "other") == 403)
            #expect(try await status(host: "other.runs.example") == 403)
            for host in [
                "runs.example", "a.acme.runs.example", "acme.elsewhere", "acmeruns.example", "localhost:80", "[::1]:80",
                "app.runs.example", "APP.Runs.Example",
                "app-aws-apse2.runs.example", "app-.runs.example",
            ] {
                #expect(try await status(host: host) == 400, "\(host)")
            }
        }
    }

    @Test("a version is named by header or parameter, and every answer names it")
    func versions() async throws {
        try await withService { service in
            var headers = try await service.headers(.viewer)
            #expect(try await service.get(Paths.runs, headers).headers[HeaderNames.version] == "2024-04-01")
            #expect(try await service.get(Paths.runs + "?api_version=2024-04-01", headers).status == .ok)
            #expect(
                try await service.get(Paths.runs + "?api_version=2024-04-02", headers).error(.invalid).contains(
                    "Supported: 2024-04-01, unstable"))
            #expect(try await service.get(Paths.runs + "?api_version=", headers).error(.invalid).contains("2024-04-01"))
            #expect(
                try await service.get(Paths.runs + "?api_version=2024-04-01&api_version=2024-04-01", headers).error(.invalid)
                    .contains("more than once"))
            headers[HeaderNames.version] = "2024-04-01"
            #expect(try await service.get(Paths.runs + "?api_version=2024-04-01", headers).status == .ok)
            #expect(
                try await service.get(Paths.runs + "?api_version=2023-01-01", headers).error(.invalid).contains("two API versions"))
            headers[HeaderNames.version] = "1"
            #expect(try await service.get(Paths.runs, headers).error(.invalid).contains("\"1\" is not supported"))
            #expect(try await service.get(Paths.health, [HeaderNames.version: "1"]).error(.invalid).contains("supported"))
            headers[HeaderNames.version] = "unstable"
            let unstable = try await service.get(Paths.runs + "?api_version=unstable", headers)
            #expect(unstable.status == .ok && unstable.headers[HeaderNames.version] == "2024-04-01")
            headers[values: HeaderNames.version] = ["2024-04-01", "unstable"]
            #expect(try await service.get(Paths.runs, headers).error(.invalid).contains("two API versions"))
            headers[values: HeaderNames.version] = ["2024-04-01", "2024-04-01"]
            #expect(try await service.get(Paths.runs, headers).status == .ok)
        }
    }

    @Test("a version is accepted as a parameter on every route")
    func versionEverywhere() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            for path in [Paths.health, Paths.readiness, Paths.description, Paths.configurations, Paths.runs] {
                #expect(try await service.get(path + "?api_version=2024-04-01", headers).status == .ok, "\(path)")
                let message = try await service.get(path + "?what=ever", headers).error(.invalid)
                #expect(message.contains("Unknown parameter \"what\"") && message.contains("api_version"))
            }
        }
    }

    @Test("paths are the same with and without a slash at the end")
    func slashes() async throws {
        try await withService { service in
            let headers = try await service.headers(.viewer)
            try await service.addRuns([service.run("wf-1", created: "2024")])
            for path in [
                Paths.runs, Paths.runs + "/wf-1", Paths.configurations, Paths.runs + "/wf-1/attempts", "/healthz", "/openapi.json",
            ] {
                let (plain, slashed) = (try await service.get(path, headers), try await service.get(path + "/", headers))
                #expect(plain.status == .ok && slashed.status == .ok, "\(path)")
                #expect(plain.body == slashed.body)
                #expect(try await service.get(path + "//", headers).status == .notFound)
            }
            #expect(try await service.get(Paths.runs + "/?limit=1", headers).runIDs() == ["wf-1"])
        }
    }

    @Test(
        "an unknown path is not found, with or without credentials",
        arguments: [
            "/api", "/api/workflow", "/api/workflow/run", "/api/workflow/runs/a/b", "/api/workflow/runs/a/tasks/b",
            "/API/WORKFLOW/RUNS", "//api/workflow/runs", "/api/workflow/../workflow/runs", "/api/workflow/runs/%zz",
            "/api/workflow/runs/%FF",
            "/../../etc/passwd", "/api/workflow/configs/a/b",
        ])
    func unknownPaths(path: String) async throws {
        try await withService { (service) async throws in
            #expect(try await service.get(path, [:]).error(.notFound).contains("/openapi.json"))
            #expect(try await service.get(path, service.headers(.viewer)).status == .notFound)
        }
    }

    @Test(
        "a method that a path does not take is refused with the accepted ones",
        arguments: [
            (HTTPRequest.Method.delete, Paths.runs, "GET, HEAD, POST"), (.put, Paths.runs + "/wf-1", "GET, HEAD, DELETE"),
            (.get, Paths.runs + "/wf-1/stop", "POST"), (.post, Paths.configurations, "GET, HEAD"),
            (.post, Paths.configurations + "/a", "GET, HEAD, PUT, DELETE"), (.get, Paths.token, "POST"),
            (.post, Paths.health, "GET, HEAD"),
            (.options, Paths.runs, "GET, HEAD, POST"), (.patch, Paths.runs + "/wf-1/", "GET, HEAD, DELETE"),
        ])
    func wrongMethods(method: HTTPRequest.Method, path: String, allowed: String) async throws {
        try await withService { service in
            let response = try await service.send(method, path)
            #expect(try response.error(.methodNotAllowed).contains(allowed))
            #expect(response.headers[.allow] == allowed)
        }
    }

    @Test("HEAD is GET without a body, wherever GET is")
    func head() async throws {
        try await withService(.live) { service in
            let headers = try await service.headers(.viewer)
            try await service.addRuns([service.run("wf-1", created: "2024")])
            for path in [Paths.runs, Paths.runs + "/wf-1", Paths.configurations, Paths.health, Paths.readiness, Paths.description] {
                let (get, head) = (try await service.get(path, headers), try await service.send(.head, path, headers: headers))
                #expect(head.status == .ok && head.body.readableBytes == 0, "\(path)")
                #expect(head.headers[.contentLength] == String(get.body.readableBytes))
                #expect(head.headers[.eTag] == get.headers[.eTag])
            }
            let missing = try await service.send(.head, Paths.runs + "/wf-2", headers: headers)
            #expect(missing.status == .notFound && missing.body.readableBytes == 0)
        }
    }

    @Test("every answer has a request id: the client's own if it is valid")
    func requestIDs() async throws {
        try await withService { service in
            #expect(
                try await service.get(Paths.health, [HeaderNames.requestID: "my-id_1.2"]).headers[HeaderNames.requestID]
                    == "my-id_1.2")
            for id in ["", "a b", "a\"b", String(repeating: "a", count: 129), "<script>"] {
                let answered = try await service.get(Paths.health, [HeaderNames.requestID: id]).headers[HeaderNames.requestID]
                #expect(answered?.hasPrefix("req-") == true)
            }
            let (one, two) = (try await service.get(Paths.health, [:]), try await service.get(Paths.health, [:]))
            #expect(one.headers[HeaderNames.requestID] != two.headers[HeaderNames.requestID])
            #expect(one.headers[.xContentTypeOptions] == "nosniff")
        }
    }

    @Test("targets and headers that are too long are refused, in process and over a socket")
    func tooLong() async throws {
        for setup in [TestingSetup.router, .live] {
            try await withService(setup) { service in
                let headers = try await service.headers(.viewer)
                let long = String(repeating: "a", count: Limits.requestTarget)
                #expect(try await service.get(Paths.runs + "?type=" + long, headers).error(.invalid).contains("too long"))
                var large = headers
                large[.userAgent] = String(repeating: "a", count: Limits.headers)
                #expect(try await service.get(Paths.runs, large).error(.headersTooLarge).contains("at most"))
                var many = headers
                for index in 0..<Limits.headerCount {
                    many[try #require(HTTPField.Name("x-\(index)"))] = "1"
                }
                #expect(try await service.get(Paths.runs, many).error(.headersTooLarge).contains("at most"))
            }
        }
    }
}
