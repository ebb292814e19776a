import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JWTKit
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("Access tokens and policies")
struct AccessTests {
    private func expectInvalidToken(
        _ response: TestResponse, _ reason: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let message = try response.error(.unauthenticated, sourceLocation: sourceLocation)
        if let reason { #expect(message.contains(reason), "\(message)", sourceLocation: sourceLocation) }
        #expect(
            response.headers[.wwwAuthenticate]?.hasPrefix("Bearer realm=\"weir\", error=\"invalid_token\"") == true,
            sourceLocation: sourceLocation)
    }

    @Test("a store without keys answers 401 to everything but health, the description and the token endpoint")
    func noKeys() async throws {
        try await withService { (service) async throws in
            for path in [
                Paths.runs, Paths.runs + "/wf-1", Paths.runs + "/wf-1/attempts", Paths.runs + "/wf-1/output",
                Paths.runs + "/wf-1/tasks/t/output",
                Paths.configurations, Paths.configurations + "/cg-1", Paths.facets, Paths.export, Paths.views, Paths.view("a"),
                Paths.statistics,
            ] {
                #expect(try await service.get(path, [:]).status == .unauthorized, "\(path)")
                #expect(try await service.get(path, [HeaderNames.historicalTenant: "acme"]).status == .unauthorized)
            }
            #expect(try await service.post(Paths.runs, [:], json: "{}").status == .unauthorized)
            #expect(try await service.post(Paths.runs + "/wf-1/stop", [:], json: "").status == .unauthorized)
            #expect(try await service.post(Paths.tokens(of: "wk_1"), [:], json: "{}").status == .unauthorized)
            #expect(try await service.send(.put, Paths.configurations + "/a").status == .unauthorized)
            #expect(try await service.send(.delete, Paths.configurations + "/a").status == .unauthorized)
            #expect(try await service.post(Paths.starts(of: "a"), [:], json: "{}").status == .unauthorized)
            #expect(try await service.send(.put, Paths.view("a")).status == .unauthorized)
            #expect(try await service.send(.delete, Paths.view("a")).status == .unauthorized)
            for path in [Paths.health, Paths.readiness, Paths.description] {
                #expect(try await service.get(path, [:]).status == .ok)
            }
            #expect(
                try await service.send(
                    .post, Paths.token, headers: [.contentType: "application/x-www-form-urlencoded"],
                    body: "client_id=a&client_secret=b"
                ).text.contains("invalid_client"))
        }
    }

    @Test("missing credentials and another scheme are challenged without an error code")
    func missing() async throws {
        try await withService { service in
            for value in [nil, "", "Basic abc", "Bearer", "Bearer ", "Token abc", "abc"] as [String?] {
                var headers: HTTPFields = [HeaderNames.historicalTenant: "acme"]
                headers[.authorization] = value
                let response = try await service.get(Paths.runs, headers)
                #expect(try response.error(.unauthenticated).contains("/api/v0/oauth2/token"))
                #expect(response.headers[.wwwAuthenticate] == "Bearer realm=\"weir\"", "\(value ?? "nil")")
            }
            let token = try await service.token(for: service.makeKey(.viewer))
            for value in ["bearer \(token)", "BEARER \(token)", "Bearer  \(token)"] {
                let headers: HTTPFields = [.authorization: value, HeaderNames.historicalTenant: "acme"]
                #expect(try await service.get(Paths.runs, headers).status == .ok)
            }
        }
    }

    @Test("a token with any character altered, cut or added is refused")
    func altered() async throws {
        try await withService { service in
            let token = try await service.token(for: service.makeKey(.viewer))
            #expect(try await service.get(Paths.runs, ServiceUnderTest.headers(token: token)).status == .ok)
            let characters = Array(token)
            for index in characters.indices {
                var altered = characters
                altered[index] = altered[index] == "A" ? "B" : "A"
                try await expectInvalidToken(service.get(Paths.runs, ServiceUnderTest.headers(token: String(altered))))
            }
            // Another last character may decode to the same bytes, but must not be accepted.
            for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=" where last != characters.last {
                try await expectInvalidToken(
                    service.get(Paths.runs, ServiceUnderTest.headers(token: token.dropLast() + String(last))))
            }
            let parts = token.split(separator: ".").map(String.init)
            for wrong in [
                "abc", "..", "a.b.c", parts[0], "\(parts[0]).\(parts[1])", "\(parts[0]).\(parts[1]).", token + ".x", token + "x",
                "\(token), \(token)", String(repeating: "a", count: 5_000), "\(parts[1]).\(parts[0]).\(parts[2])",
            ] {
                try await expectInvalidToken(service.get(Paths.runs, ServiceUnderTest.headers(token: wrong)))
            }
        }
    }

    /// The claims of a token, for tests that change one.
    private struct Claims: JWTPayload {
        var iss: String? = "weir"
        var aud: String? = "weir-api"
        var sub: String?
        var tenant: String? = "acme"
        var secretNumber: Int? = 1
        var exp: Int?
        var nbf: Int?
        var iat: Int?
        var jti: String? = "x"

        enum CodingKeys: String, CodingKey {
            case iss, aud, sub, tenant, exp, nbf, iat, jti
            case secretNumber = "secret_number"
        }

        func verify(using algorithm: some JWTAlgorithm) {}
    }

    @Test("another spelling of a token is refused, even after the token was used")
    func spellings() async throws {
        try await withService { service in
            let credentials = try await service.makeKey(.viewer)
            // A token has some hundred letters, so one of these contains a K.
            var token = try await service.token(for: credentials)
            for _ in 0..<100 where !token.contains("K") { token = try await service.token(for: credentials) }
            #expect(try await service.get(Paths.runs, ServiceUnderTest.headers(token: token)).status == .ok)
            let other = token.replacing("K", with: "\u{212A}")
            #expect(token == other)
            #expect(try await service.get(Paths.runs, ServiceUnderTest.headers(token: other)).status == .unauthorized)
        }
    }

    @Test("a token with the right signature but wrong claims or header is refused")
    func claims() async throws {
        try await withService { service in
            let (key, _) = try await service.makeKey(.viewer)
            let secret = try await service.store.serviceSecret("token-signing", orElse: [])
            #expect(secret.count == 32)
            let now = Int(service.clock.now.milliseconds / 1_000)
            let good = Claims(sub: key.id, exp: now + 60, nbf: now, iat: now)
            func send(
                _ change: (inout Claims) -> Void = { _ in }, header: JWTHeader = [:], secret other: [UInt8]? = nil,
                algorithm: DigestAlgorithm = .sha256
            ) async throws -> TestResponse {
                var claims = good
                change(&claims)
                let keys = await JWTKeyCollection().add(hmac: HMACKey(from: other ?? secret), digestAlgorithm: algorithm)
                let token = try await keys.sign(claims, header: header)
                return try await service.get(Paths.runs, ServiceUnderTest.headers(token: token))
            }
            #expect(try await send().status == .ok)
            #expect(try await send(header: ["kid": "whatever", "jku": "http://attacker.example/keys"]).status == .ok)

            for change: (inout Claims) -> Void in [
                { $0.iss = "other" }, { $0.iss = nil }, { $0.aud = "other" }, { $0.aud = nil }, { $0.sub = nil },
                { $0.sub = "wk_x" },
                { $0.tenant = nil }, { $0.tenant = "other" }, { $0.tenant = "" }, { $0.secretNumber = nil },
                { $0.secretNumber = 2 },
                { $0.secretNumber = 0 }, { $0.exp = nil }, { $0.exp = now }, { $0.exp = now - 1 }, { $0.nbf = nil },
                { $0.nbf = now + 61 }, { $0.iat = nil }, { $0.jti = nil },
            ] {
                try await expectInvalidToken(send(change))
            }
            try await expectInvalidToken(send(secret: Array(repeating: 1, count: 32)))
            try await expectInvalidToken(send(secret: secret + secret, algorithm: .sha512))
            for header in [["typ": "at+jwt"], ["alg": "none"], ["alg": "hs256"], ["alg": "HS512"], ["alg": "RS256"]] as [JWTHeader]
            {
                try await expectInvalidToken(send(header: header))
            }
        }
    }

    @Test("alg none is refused, with a signature and without")
    func none() async throws {
        try await withService { service in
            let token = try await service.token(for: service.makeKey(.admin))
            let parts = token.split(separator: ".").map(String.init)
            for name in ["none", "None", "NONE", "nOnE"] {
                let header = Base64URL.encode(Array("{\"alg\":\"\(name)\",\"typ\":\"JWT\"}".utf8))
                for signature in ["", parts[2]] {
                    let forged = "\(header).\(parts[1]).\(signature)"
                    try await expectInvalidToken(service.get(Paths.runs, ServiceUnderTest.headers(token: forged)))
                }
            }
        }
    }

    @Test("a token expires by the service's clock")
    func expiry() async throws {
        try await withService { service in
            let headers = try await service.headers(.viewer)
            service.clock.advance(by: .seconds(3_599))
            #expect(try await service.get(Paths.runs, headers).status == .ok)
            service.clock.advance(by: .seconds(1))
            try await expectInvalidToken(service.get(Paths.runs, headers), "expired")
        }
    }

    @Test("a rotation keeps tokens of the previous secret valid, and no older ones")
    func rotation() async throws {
        let settings = ServerSettings(rateLimit: 0, tokenLifetime: .seconds(60 * 86_400))
        try await withService(settings: settings) { service in
            let first = try await service.makeKey(.viewer)
            let firstHeaders = ServiceUnderTest.headers(token: try await service.token(for: first))
            func rotate() async throws -> HTTPFields {
                let secret = NewAPIKey.makeSecret(random: service.random)
                let key = try await service.store.rotateKey(
                    first.key.id, secretHash: SecretHash.of(secret), at: service.clock.now)
                return ServiceUnderTest.headers(token: try await service.token(for: (try #require(key), secret)))
            }
            let secondHeaders = try await rotate()
            #expect(try await service.get(Paths.runs, firstHeaders).status == .ok)
            #expect(try await service.get(Paths.runs, secondHeaders).status == .ok)

            let thirdHeaders = try await rotate()
            try await expectInvalidToken(service.get(Paths.runs, firstHeaders), "secret that is no longer valid")
            #expect(try await service.get(Paths.runs, secondHeaders).status == .ok)

            service.clock.advance(by: .seconds(30 * 86_400) - .milliseconds(1))
            #expect(try await service.get(Paths.runs, secondHeaders).status == .ok)
            service.clock.advance(by: .milliseconds(1))
            try await expectInvalidToken(service.get(Paths.runs, secondHeaders))
            #expect(try await service.get(Paths.runs, thirdHeaders).status == .ok)
        }
    }

    @Test("dropping a previous secret, or the key, takes effect at once")
    func dropping() async throws {
        try await withService { service in
            let credentials = try await service.makeKey(.viewer)
            let old = ServiceUnderTest.headers(token: try await service.token(for: credentials))
            let secret = NewAPIKey.makeSecret(random: service.random)
            let rotated = try await service.store.rotateKey(
                credentials.key.id, secretHash: SecretHash.of(secret), at: service.clock.now)
            let new = ServiceUnderTest.headers(token: try await service.token(for: (try #require(rotated), secret)))
            #expect(try await service.get(Paths.runs, old).status == .ok)
            #expect(try await service.store.deleteKey(credentials.key.id, onlyPreviousSecret: true))
            try await expectInvalidToken(service.get(Paths.runs, old))
            #expect(try await service.get(Paths.runs, new).status == .ok)
            #expect(try await service.store.deleteKey(credentials.key.id, onlyPreviousSecret: false))
            try await expectInvalidToken(service.get(Paths.runs, new), "dropped")
        }
    }

    @Test("a policy includes the ones before it and no more")
    func policies() async throws {
        try await withService { service in
            let viewer = try await service.headers(.viewer)
            let `operator` = try await service.headers(.operator)
            let admin = try await service.headers(.admin)
            #expect(try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", admin).status == .created)

            for headers in [viewer, `operator`, admin] {
                for path in [Paths.runs, Paths.configurations, Paths.configurations + "/cg-daily"] {
                    #expect(try await service.get(path, headers).status == .ok)
                }
            }
            let forbidden = try await service.post(Paths.runs, viewer, json: #"{"config_id":"cg-daily"}"#)
            #expect(
                try forbidden.error(.forbidden) == "This needs a key with the policy operator or admin. The key has viewer.")
            #expect(
                try await service.get(Paths.alertReceivers, `operator`).error(.forbidden)
                    == "This needs a key with the policy admin. The key has operator.")
            #expect(forbidden.headers[.wwwAuthenticate] == "Bearer realm=\"weir\", error=\"insufficient_scope\"")
            #expect(try await service.post(Paths.runs + "/wf-1/stop", viewer, json: "").status == .forbidden)
            for headers in [`operator`, admin] {
                #expect(try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#).status == .created)
                #expect(try await service.post(Paths.runs + "/wf-1/stop", headers, json: "").status == .notFound)
            }
            for headers in [viewer, `operator`] {
                #expect(try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers).status == .forbidden)
                #expect(try await service.send(.delete, Paths.configurations + "/cg-daily", headers: headers).status == .forbidden)
            }
            #expect(try await service.send(.delete, Paths.configurations + "/cg-daily", headers: admin).status == .noContent)
        }
    }
}
