import HTTPTestKit
import HTTPTypes
import NIOCore
import NIOPosix
import Synchronization
import Testing
import WorkflowModel

@testable import AlertDelivery

@Suite("Calling receivers", .timeLimit(.minutes(10)))
struct HTTPAlertTransportTests {
    @Test(arguments: [
        (200, AlertOutcome.delivered("HTTP 200 OK.")), (204, .delivered("HTTP 204 No Content.")),
        (410, .gone("HTTP 410 Gone.")), (500, .failed("HTTP 500 Internal Server Error.")),
        (429, .failed("HTTP 429 Too Many Requests.")),
        (302, .failed("HTTP 302 Found. Redirections are not followed.")),
    ])
    func anAnswerIsTakenByItsStatus(code: Int, outcome: AlertOutcome) async throws {
        let asked = Mutex<[ReceivedRequest]>([])
        try await Receiver.open { sent in
            asked.withLock { $0.append(sent) }
            return HTTPResponse.Status(code: code)
        } test: { base in
            let found = try await HTTPAlertTransport.toThisMachine().post(
                Array("{}".utf8), headers: [("webhook-id", "a")], to: base + "/hook?x=1")
            #expect(found == outcome)
        }
        let sent = asked.withLock { $0 }
        #expect(sent.map(\.path) == ["/hook?x=1"])
        #expect(sent.first?.body == "{}")
        #expect(sent.first?.headers["webhook-id"] == "a")
        #expect(sent.first?.headers["content-type"] == "application/json")
    }

    @Test func aNameIsCalledAtTheAddressThatWasChecked() async throws {
        let hosts = Mutex<[String?]>([])
        try await Receiver.open { sent in
            hosts.withLock { $0.append(sent.headers["host"]) }
            return .noContent
        } test: { base in
            // The name has no other record, so that only the checked address can have been called.
            let transport = try HTTPAlertTransport.toThisMachine(names: Names(known: ["ops.invalid": ["127.0.0.1"]]))
            let outcome = await transport.post([], headers: [], to: base.replacing("127.0.0.1", with: "ops.invalid"))
            #expect(outcome == .delivered("HTTP 204 No Content."))
        }
        #expect(hosts.withLock { $0.count } == 1)
    }

    @Test func aSecureConnectionIsToTheNameAndNotToTheAddress() async throws {
        let authority = try TestAuthority()
        let calls = Mutex(0)
        try await Receiver.open(with: try authority.certificate(for: "ops.invalid")) { _ in
            calls.withLock { $0 += 1 }
            return .noContent
        } test: { base in
            let names = Names(known: ["ops.invalid": ["127.0.0.1"], "other.invalid": ["127.0.0.1"]])
            let refused = AlertOutcome.failed(
                "The TLS handshake failed. Check that the certificate is valid for the host name.")
            // The right name; then another name, an untrusted authority, and an address.
            let attempts: [(name: String, trusted: TestAuthority?, outcome: AlertOutcome)] = [
                ("ops.invalid", authority, .delivered("HTTP 204 No Content.")), ("other.invalid", authority, refused),
                ("ops.invalid", try TestAuthority(), refused), ("ops.invalid", nil, refused), ("127.0.0.1", authority, refused),
            ]
            for attempt in attempts {
                let transport = try HTTPAlertTransport.toThisMachine(names: names, trusting: attempt.trusted)
                let url = base.replacing("127.0.0.1", with: attempt.name)
                let outcome = await transport.post([], headers: [], to: url)
                #expect(outcome == attempt.outcome, "\(url)")
            }
        }
        #expect(calls.withLock { $0 } == 1)
    }

    @Test func aForbiddenAddressIsNotCalled() async throws {
        let calls = Mutex(0)
        try await Receiver.open { _ in
            calls.withLock { $0 += 1 }
            return .ok
        } test: { base in
            let names = Names(known: ["ops.example": ["1.1.1.1", "127.0.0.1"]])
            let transport = HTTPAlertTransport(policy: AddressPolicy(), lookup: names)
            for url in [
                base, base.replacing("127.0.0.1", with: "ops.example"), base.replacing("127.0.0.1", with: "unknown.example"), "x",
            ] {
                let outcome = await transport.post([], headers: [], to: url)
                guard case .failed = outcome else {
                    Issue.record("\(outcome) for \(url)")
                    continue
                }
            }
        }
        #expect(calls.withLock { $0 } == 0)
    }

    /// A server that accepts connections and either closes them or keeps silent.
    private func withSilentServer(
        closing isClosing: Bool, _ test: @escaping @Sendable (String) async throws -> Void
    ) async throws {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in isClosing ? channel.close() : channel.eventLoop.makeSucceededVoidFuture() }
            .bind(host: "127.0.0.1", port: 0).get()
        let result: Result<Void, any Error>
        do {
            result = .success(try await test("http://127.0.0.1:\(server.localAddress?.port ?? 0)/"))
        } catch {
            result = .failure(error)
        }
        try await server.close()
        try result.get()
    }

    @Test func oneThatHangsOrClosesTheConnectionOrIsNotThereHasFailed() async throws {
        try await withSilentServer(closing: false) { url in
            let outcome = try await HTTPAlertTransport.toThisMachine(limit: .milliseconds(200)).post([], headers: [], to: url)
            #expect(outcome == .failed("The request timed out."))
        }
        try await withSilentServer(closing: true) { url in
            let outcome = try await HTTPAlertTransport.toThisMachine().post([], headers: [], to: url)
            guard case .failed(let reason) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(reason.contains("connection"))
        }
        let gone = Mutex("")
        try await withSilentServer(closing: false) { url in gone.withLock { $0 = url } }
        let outcome = try await HTTPAlertTransport.toThisMachine().post([], headers: [], to: gone.withLock { $0 })
        #expect(outcome == .failed("The connection failed."))
    }

    @Test func theSystemKnowsThisMachine() async throws {
        let lookup = SystemAddressLookup(time: SystemTime())
        let found = try await lookup.addresses(of: "localhost")
        #expect(!found.isEmpty && found.allSatisfy { !$0.isPublic })
        // In an old notation for addresses.
        #expect(try await lookup.addresses(of: "2130706433").map(\.description) == ["127.0.0.1"])
        await #expect(throws: UnknownHost.self) { try await lookup.addresses(of: "no such host") }
    }
}
