import HTTPTypes
import HummingbirdTesting
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("The rate limit")
struct RateLimitTests {
    @Test("ten requests per second by default, then 429 until the bucket has tokens again")
    func standard() async throws {
        try await withService(settings: ServerSettings()) { service in
            let headers = try await service.headers(.viewer)
            for remaining in (0..<10).reversed() {
                let response = try await service.get(Paths.runs, headers)
                #expect(response.status == .ok)
                #expect(response.headers[HeaderNames.rateLimitPolicy] == "\"default\";q=10;w=1")
                #expect(response.headers[HeaderNames.rateLimit] == "\"default\";r=\(remaining);t=1")
            }
            let refused = try await service.get(Paths.runs, headers)
            #expect(try refused.error(.rateLimited).contains("10 requests per second"))
            #expect(refused.headers[.retryAfter] == "1")
            #expect(refused.headers[HeaderNames.rateLimit] == "\"default\";r=0;t=1")

            service.clock.advance(by: .milliseconds(99))
            #expect(try await service.get(Paths.runs, headers).status == .tooManyRequests)
            service.clock.advance(by: .milliseconds(1))
            #expect(try await service.get(Paths.runs, headers).status == .ok)
            #expect(try await service.get(Paths.runs, headers).status == .tooManyRequests)
            service.clock.advance(by: .seconds(1))
            for _ in 0..<10 { #expect(try await service.get(Paths.runs, headers).status == .ok) }
            #expect(try await service.get(Paths.runs, headers).status == .tooManyRequests)
        }
    }

    @Test("counts all keys of a tenant together, and every tenant by itself")
    func tenants() async throws {
        try await withService(settings: ServerSettings(rateLimit: 2)) { service in
            let one = try await service.headers(.viewer)
            let two = try await service.headers(.viewer)
            let other = try await service.headers(.viewer, of: ServiceUnderTest.other)
            #expect(try await service.get(Paths.runs, one).status == .ok)
            #expect(try await service.get(Paths.runs, two).status == .ok)
            #expect(try await service.get(Paths.runs, one).status == .tooManyRequests)
            #expect(try await service.get(Paths.runs, two).status == .tooManyRequests)
            #expect(try await service.get(Paths.runs, other).status == .ok)
        }
    }

    @Test("a tenant's own setting counts within seconds; 0 is no limit")
    func settings() async throws {
        try await withService(settings: ServerSettings(rateLimit: 1)) { service in
            let headers = try await service.headers(.viewer)
            #expect(try await service.get(Paths.runs, headers).status == .ok)
            #expect(try await service.get(Paths.runs, headers).status == .tooManyRequests)
            try await service.store.saveSettings(TenantSettings(tenant: ServiceUnderTest.acme, rateLimit: 3))
            service.clock.advance(by: .seconds(5))
            let response = try await service.get(Paths.runs, headers)
            #expect(response.headers[HeaderNames.rateLimitPolicy] == "\"default\";q=3;w=1")
            try await service.store.saveSettings(TenantSettings(tenant: ServiceUnderTest.acme, rateLimit: 0))
            service.clock.advance(by: .seconds(5))
            for _ in 0..<50 {
                let response = try await service.get(Paths.runs, headers)
                #expect(response.status == .ok)
                #expect(response.headers[HeaderNames.rateLimit] == nil && response.headers[HeaderNames.rateLimitPolicy] == nil)
            }
        }
    }

    @Test("a request that is refused earlier does not count, and its answer has the state of the limit")
    func order() async throws {
        try await withService(settings: ServerSettings(rateLimit: 2)) { service in
            let headers = try await service.headers(.viewer)
            for _ in 0..<5 {
                #expect(try await service.get(Paths.runs, [:]).status == .unauthorized)
                let forbidden = try await service.post(Paths.runs, headers, json: "{}")
                #expect(forbidden.status == .forbidden)
                #expect(forbidden.headers[HeaderNames.rateLimit] == "\"default\";r=2;t=1")
                #expect(try await service.get("/nowhere", headers).status == .notFound)
                #expect(try await service.get(Paths.health, headers).status == .ok)
            }
            #expect(try await service.get(Paths.runs + "?limit=x", headers).headers[HeaderNames.rateLimit] == "\"default\";r=1;t=1")
            #expect(try await service.get(Paths.runs, headers).status == .ok)
            #expect(try await service.get(Paths.runs + "?limit=x", headers).status == .tooManyRequests)
        }
    }

    @Test("a clock that goes back neither fills nor empties the bucket")
    func clockGoesBack() async throws {
        try await withService(settings: ServerSettings(rateLimit: 2)) { service in
            let headers = try await service.headers(.viewer)
            for _ in 0..<2 { #expect(try await service.get(Paths.runs, headers).status == .ok) }
            service.clock.jump(by: .seconds(-30))
            #expect(try await service.get(Paths.runs, headers).status == .tooManyRequests)
            service.clock.advance(by: .seconds(1))
            #expect(try await service.get(Paths.runs, headers).status == .ok)
        }
    }
}
