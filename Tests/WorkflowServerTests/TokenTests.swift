import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("The token endpoint")
struct TokenTests {
    private static let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]

    private func refusal(_ response: TestResponse, sourceLocation: SourceLocation = #_sourceLocation) throws -> TokenRefusal.Code {
        let refusal = try TokenRefusal(json: Array(response.body.readableBytesView))
        #expect(response.status.code == refusal.code.status, sourceLocation: sourceLocation)
        #expect(response.headers[.cacheControl] == "no-store", sourceLocation: sourceLocation)
        return refusal.code
    }

    @Test("exchanges id and secret from the form, with or without a grant type")
    func form() async throws {
        try await withService { service in
            let (key, secret) = try await service.makeKey(.viewer)
            for grant in ["grant_type=client_credentials&", "", "scope=x&unknown=y&"] {
                let response = try await service.send(
                    .post, Paths.token, headers: Self.form, body: "\(grant)client_id=\(key.id)&client_secret=\(secret)")
                #expect(response.status == .ok)
                #expect(response.headers[.cacheControl] == "no-store")
                #expect(response.headers[.contentType] == "application/json")
                #expect(try response.json()["token_type"] == .string("Bearer"))
                #expect(try response.json()["expires_in"] == .integer(3_600))
                let token = try TokenAnswer(json: Array(response.body.readableBytesView)).accessToken
                #expect(try await service.get(Paths.runs, ServiceUnderTest.headers(token: token)).status == .ok)
            }
            let slashed = try await service.send(
                .post, Paths.token + "/", headers: [.contentType: "application/x-www-form-urlencoded; charset=UTF-8"],
                body: "client_id=\(key.id)&client_secret=\(secret)")
            #expect(slashed.status == .ok)
        }
    }

    @Test("exchanges id and secret from HTTP Basic")
    func basic() async throws {
        try await withService { service in
            let (key, secret) = try await service.makeKey(.viewer)
            func send(_ text: String, body: String = "grant_type=client_credentials") async throws -> TestResponse {
                var headers = Self.form
                headers[.authorization] = "Basic " + Data(text.utf8).base64EncodedString()
                return try await service.send(.post, Paths.token, headers: headers, body: body)
            }
            #expect(try await send("\(key.id):\(secret)").status == .ok)
            #expect(try await send("\(key.id):\(secret)", body: "").status == .ok)
            #expect(try await send("\(key.id):\(secret)", body: "client_id=\(key.id)").status == .ok)
            #expect(try await refusal(send("\(key.id):\(secret)", body: "client_secret=x")) == .invalidRequest)
            #expect(try await refusal(send("\(key.id):\(secret)", body: "client_id=x")) == .invalidRequest)
            for wrong in ["\(key.id):x", "\(key.id)", "\(key.id):", ":\(secret)", "x:\(secret)", ""] {
                let response = try await send(wrong)
                #expect(try refusal(response) == .invalidClient)
                #expect(response.headers[.wwwAuthenticate] == "Basic realm=\"weir\"")
            }
            var bearer = Self.form
            bearer[.authorization] = "Bearer abc"
            #expect(try await refusal(service.send(.post, Paths.token, headers: bearer, body: "")) == .invalidClient)
        }
    }

    @Test("refuses with the errors of RFC 6749")
    func refusals() async throws {
        try await withService { service in
            let (key, secret) = try await service.makeKey(.viewer)
            let good = "client_id=\(key.id)&client_secret=\(secret)"
            let cases: [(String, TokenRefusal.Code)] = [
                ("", .invalidClient), ("client_id=\(key.id)", .invalidClient), ("client_secret=\(secret)", .invalidClient),
                ("client_id=\(key.id)&client_secret=", .invalidClient), ("client_id=\(key.id)&client_secret=wrong", .invalidClient),
                ("client_id=unknown&client_secret=\(secret)", .invalidClient),
                ("client_id=\(key.id)'--&client_secret=\(secret)", .invalidClient),
                ("grant_type=password&" + good, .unsupportedGrantType),
                ("grant_type=authorization_code&code=1", .unsupportedGrantType),
                (good + "&client_id=\(key.id)", .invalidRequest), (good + "&x=%zz", .invalidRequest),
                (good + "&x=%00", .invalidRequest),
                (good + "&x=%FF", .invalidRequest), ("[]", .invalidClient),
            ]
            for (body, code) in cases {
                let response = try await service.send(.post, Paths.token, headers: Self.form, body: body)
                #expect(try refusal(response) == code, "\(body)")
                if code == .invalidClient { #expect(response.headers[.wwwAuthenticate] != nil) }
            }
        }
    }

    @Test("accepts a form only, up to its limit")
    func mediaTypes() async throws {
        try await withService { service in
            for type in ["application/json", "text/plain", "multipart/form-data", ""] {
                let response = try await service.send(.post, Paths.token, headers: [.contentType: type], body: "{}")
                // RFC 6749, section 5.2, has no 415.
                #expect(try refusal(response) == .invalidRequest)
                #expect(try response.json()["error_description"]?.string?.contains("application/x-www-form-urlencoded") == true)
            }
            let response = try await service.send(.post, Paths.token)
            #expect(try response.status == .badRequest && refusal(response) == .invalidRequest)
            let large = String(repeating: "a", count: Limits.tokenBody + 1)
            #expect(try await service.send(.post, Paths.token, headers: Self.form, body: large).error(.tooLarge).contains("16384"))
        }
    }

    @Test("a rotated secret and a dropped key make no tokens")
    func rotation() async throws {
        try await withService { service in
            let (key, secret) = try await service.makeKey(.viewer)
            let newSecret = NewAPIKey.makeSecret(random: service.random)
            _ = try await service.store.rotateKey(key.id, secretHash: SecretHash.of(newSecret), at: service.clock.now)
            func status(_ secret: String) async throws -> Int {
                try await service.send(
                    .post, Paths.token, headers: Self.form, body: "client_id=\(key.id)&client_secret=\(secret)"
                ).status.code
            }
            #expect(try await status(secret) == 401)
            #expect(try await status(newSecret) == 200)
            _ = try await service.store.deleteKey(key.id, onlyPreviousSecret: false)
            #expect(try await status(newSecret) == 401)
        }
    }
}
