import AsyncHTTPClient
import HTTPTypes
import PostgresClusterKit
import PostgresTestKit
import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowTestKit

extension ClusterTests {
    @Suite("A database that hangs")
    struct HungDatabases {
        /// The longest time until a client gets an answer: the documented eight seconds, and some tolerance for a busy machine.
        private static let longestAnswer = Duration.seconds(10)
        /// More than a node's connections to the database.
        private static let requests = 40

        /// The part that hangs.
        enum Place: CaseIterable, Sendable {
            /// Every process of the server.
            case server
            /// The network in front of the server.
            case network
        }

        @Test(arguments: Place.allCases)
        func requestsAreToldToRetryAndTheServiceRecovers(place: Place) async throws {
            let database = try await DatabaseUnderTest()
            let proxy = try await database.proxy()
            let nodes = try await NodesUnderTest(2, on: place == .server ? database.url : database.url(behind: proxy))
            try await nodes.apply("cg-hung")
            let traffic = Traffic(nodes: nodes, configuration: "cg-hung", name: "before")
            var tally = await traffic.start(50)
            let token = try await nodes.client(0).token().accessToken

            switch place {
            case .server: try database.freeze()
            case .network: proxy.change { $0.hangs = true }
            }
            let answers: [Answer]
            do {
                defer {
                    switch place {
                    case .server: try? database.thaw()
                    case .network:
                        proxy.change { $0.hangs = false }
                        proxy.cut()
                    }
                }
                answers = try await Self.answers(of: nodes, token: token)
                // Requests without a database access still work.
                let alive = try await HTTPTransport().send(ClientRequest(.get, try nodes.process(0).url + Paths.health))
                #expect(alive.status == 200)
            }
            try await Patience.wait(until: "both nodes serve starts again") {
                for node in 0..<2 {
                    _ = try await nodes.client(node).start(StartRequest(configuration: "cg-hung"), idempotencyKey: "thaw")
                }
                return true
            }
            #expect(answers.count == Self.requests * 2)
            #expect(answers.allSatisfy { $0.status == 503 && $0.retryAfter != nil && $0.took < Self.longestAnswer }, "\(answers)")
            tally.join(await Traffic(nodes: nodes, configuration: "cg-hung", name: "after").start(50))
            #expect(tally.acknowledged.count == 100 && tally.success > 0.9, "\(tally.refusals)")
            #expect(try await nodes.end() == [0, 0])
            await proxy.stop()
        }

        /// The database runs, but one transaction holds a lock that all sessions wait for. No session is free.
        @Test func requestsWithoutASessionAreToldToRetry() async throws {
            let database = try await DatabaseUnderTest()
            let nodes = try await NodesUnderTest(1, on: database.url, options: ["--database-connections", "2"])
            try await nodes.apply("cg-hung")
            let token = try await nodes.client(0).token().accessToken
            let holder = "BEGIN; LOCK TABLE weir.runs, weir.tasks IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600); COMMIT"
            async let held = try? await database.cluster.sql(holder, in: database.name)
            let holders = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
            while try await database.cluster.sql(holders) != "1" {}
            let answers = try await Self.answers(of: nodes, token: token)
            let busy = answers.filter { $0.status == 503 }
            try await database.cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
            try await Patience.wait(until: "the node serves starts again") {
                _ = try await nodes.client(0).start(StartRequest(configuration: "cg-hung"), idempotencyKey: "free")
                return true
            }
            #expect(busy.count == Self.requests, "\(answers)")
            #expect(answers.allSatisfy { $0.retryAfter != nil && $0.took < Self.longestAnswer }, "\(answers)")
            #expect(await held == nil)
            #expect(try await nodes.end() == [0])
        }

        private struct Answer: Sendable {
            var status: Int
            var retryAfter: Int?
            var took: Duration
        }

        /// Sends many requests to all nodes at the same time.
        private static func answers(of nodes: NodesUnderTest, token: String) async throws -> [Answer] {
            // As many connections as requests, so that all of them reach the nodes at the same time.
            var configuration = HTTPClient.Configuration()
            configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = requests
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            let transport = HTTPTransport(client: client)
            defer { Task { try await client.shutdown() } }
            let time = SystemTime()
            let headers: HTTPFields = [.authorization: "Bearer \(token)", HeaderNames.tenant: nodes.tenant.name]
            return try await withThrowingTaskGroup(of: Answer.self) { group in
                for node in nodes.numbers {
                    let url = try nodes.process(node).url
                    for number in 0..<requests {
                        group.addTask {
                            let start = time.now
                            let request =
                                number.isMultiple(of: 2)
                                ? ClientRequest(.get, url + Paths.runs, headers: headers)
                                : ClientRequest(
                                    .post, url + Paths.runs, headers: headers + [.contentType: "application/json"],
                                    body: Array(#"{"config_id":"cg-hung"}"#.utf8))
                            let answer = try await transport.send(request)
                            return Answer(
                                status: answer.status, retryAfter: answer.headers[.retryAfter].flatMap { Int($0) },
                                took: time.now - start)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
    }
}

extension HTTPFields {
    fileprivate static func + (all: HTTPFields, more: HTTPFields) -> HTTPFields {
        var both = all
        both.append(contentsOf: more)
        return both
    }
}
