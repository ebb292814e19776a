import HTTPTypes
import HummingbirdTesting
import Logging
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowServer

@Suite("Issuing tokens of keys")
struct IssuedTokenTests {
    private func issue(
        _ key: String, until time: String, on service: ServiceUnderTest, as headers: HTTPFields
    ) async throws -> TestResponse {
        try await service.post(Paths.tokens(of: key), headers, json: #"{"expires-at":"\#(time)"}"#)
    }

    @Test("an issuer and an admin issue tokens for any key of their tenant, with any expiry up to the limit")
    func issuing() async throws {
        try await withService { service in
            let (viewer, _) = try await service.makeKey(.viewer)
            for policy in [AccessPolicy.issuer, .admin] {
                let headers = try await service.headers(policy)
                let end = service.clock.now + .seconds(30 * 86_400)
                let response = try await issue(viewer.id, until: end.iso8601, on: service, as: headers)
                #expect(response.status == .ok, "\(response.text)")
                #expect(response.headers[.cacheControl] == "no-store")
                let answer = try TokenAnswer(json: Array(response.body.readableBytesView))
                #expect(try response.json()["token_type"] == .string("Bearer"))
                // A token expires at a whole second, and the answer says which.
                #expect(answer.expiresAt == Timestamp(milliseconds: end.milliseconds / 1_000 * 1_000))
                #expect(answer.expiresIn == 30 * 86_400)
                let token = ServiceUnderTest.headers(token: answer.accessToken)
                #expect(try await service.get(Paths.runs, token).status == .ok)
                #expect(try await service.post(Paths.runs, token, json: "{}").status == .forbidden)
            }
        }
    }

    @Test("an issued token lives until its end, and not past it")
    func expiry() async throws {
        try await withService { service in
            let (issuer, _) = try await service.makeKey(.issuer)
            let (viewer, _) = try await service.makeKey(.viewer)
            let headers = ServiceUnderTest.headers(token: try await service.token(for: service.makeKey(.issuer)))
            let end = service.clock.now + IssueRequest.longest
            let answer = try await issue(viewer.id, until: end.iso8601, on: service, as: headers)
            let token = ServiceUnderTest.headers(
                token: try TokenAnswer(json: Array(answer.body.readableBytesView)).accessToken)
            // An issuer may issue a token of its own key, and use it.
            let own = try await issue(issuer.id, until: end.iso8601, on: service, as: headers)
            let lasting = ServiceUnderTest.headers(
                token: try TokenAnswer(json: Array(own.body.readableBytesView)).accessToken)
            service.clock.advance(by: .seconds(364 * 86_400))
            #expect(try await service.get(Paths.runs, token).status == .ok)
            #expect(try await issue(viewer.id, until: end.iso8601, on: service, as: lasting).status == .ok)
            service.clock.advance(by: .seconds(86_400))
            #expect(try await service.get(Paths.runs, token).error(.unauthenticated).contains("expired"))
        }
    }

    @Test("a rotation leaves issued tokens 30 days at most, and dropping the previous secret ends them")
    func rotation() async throws {
        try await withService { service in
            let (viewer, _) = try await service.makeKey(.viewer)
            let headers = try await service.headers(.admin)
            let end = service.clock.now + .seconds(300 * 86_400)
            let answer = try await issue(viewer.id, until: end.iso8601, on: service, as: headers)
            let token = ServiceUnderTest.headers(
                token: try TokenAnswer(json: Array(answer.body.readableBytesView)).accessToken)
            func rotate() async throws {
                _ = try await service.store.rotateKey(viewer.id, secretHash: [1], at: service.clock.now)
            }
            try await rotate()
            service.clock.advance(by: .seconds(30 * 86_400 - 1))
            #expect(try await service.get(Paths.runs, token).status == .ok)
            service.clock.advance(by: .seconds(1))
            #expect(try await service.get(Paths.runs, token).status == .unauthorized)
            let fresh = try await service.headers(.admin)
            let second = try await issue(viewer.id, until: end.iso8601, on: service, as: fresh)
            let other = ServiceUnderTest.headers(
                token: try TokenAnswer(json: Array(second.body.readableBytesView)).accessToken)
            try await rotate()
            #expect(try await service.get(Paths.runs, other).status == .ok)
            _ = try await service.store.deleteKey(viewer.id, onlyPreviousSecret: true)
            #expect(try await service.get(Paths.runs, other).status == .unauthorized)
        }
    }

    @Test("an expiry in the past or too far ahead is refused, and so is an invalid body")
    func refusals() async throws {
        try await withService { service in
            let (viewer, _) = try await service.makeKey(.viewer)
            let headers = try await service.headers(.issuer)
            let now = service.clock.now
            for (body, message) in [
                ("", "is empty"), ("{}", "expires-at is missing"), ("[]", "not a JSON object"),
                (#"{"expires-at":"soon"}"#, "not a date-time"), (#"{"expires-at":1}"#, "not a string"),
                (#"{"expires_at":"2024-03-01"}"#, "expires_at is unknown"),
                (#"{"expires-at":"2024-02-01"}"#, "is in the past"), (#"{"expires-at":"\#(now.iso8601)"}"#, "is in the past"),
                (#"{"expires-at":"\#((now + IssueRequest.longest + .milliseconds(1)).iso8601)"}"#, "365 days"),
            ] {
                let response = try await service.post(Paths.tokens(of: viewer.id), headers, json: body)
                #expect(try response.error(.invalid).contains(message), "\(body): \(response.text)")
            }
            #expect(try await issue(viewer.id, until: (now + IssueRequest.longest).iso8601, on: service, as: headers).status == .ok)
        }
    }

    @Test("an unknown key and another tenant's get the same answer")
    func unknownKeys() async throws {
        try await withService { service in
            let (theirs, _) = try await service.makeKey(.viewer, of: ServiceUnderTest.other)
            for policy in [AccessPolicy.issuer, .admin] {
                let headers = try await service.headers(policy)
                for id in [theirs.id, "wk_nobody", "..", "%00", "a%2Fb"] {
                    let response = try await service.post(
                        AccessEndpoints.issue.path.text.replacing("{id}", with: id), headers, json: #"{"expires-at":"2024-03-01"}"#)
                    #expect(try response.error(.notFound) == "There is no API key with that id.", "\(id)")
                }
            }
        }
    }

    @Test("an issuer only issues tokens, and other policies but admin cannot")
    func policies() async throws {
        try await withService { service in
            let issuer = try await service.headers(.issuer)
            let (key, _) = try await service.makeKey(.viewer)
            try await service.addRuns([service.run("wf-1", created: "2024")])
            let dependencies = ServerDependencies(
                store: service.store, time: service.clock, random: service.random, zones: SystemScheduleZones(),
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
            for route in try await APIService(dependencies).routes {
                guard case .policy(let policy) = route.access else { continue }
                let path = route.path.replacing("{id}", with: "wf-1").replacing("{name}", with: "a")
                    .replacing("{task_id}", with: "t")
                if policy == .issuer {
                    for other in [AccessPolicy.viewer, .operator] {
                        let headers = try await service.headers(other)
                        #expect(try await issue(key.id, until: "2024-03-01", on: service, as: headers).status == .forbidden)
                    }
                } else {
                    let response = try await service.send(route.method, path, headers: issuer)
                    #expect(try response.error(.forbidden).contains("The key has issuer"), "\(route.method) \(path)")
                }
            }
        }
    }
}
