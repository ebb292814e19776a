import Foundation
import HTTPTypes
import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowTestKit

extension ClusterTests {
    /// Clients do not notice that the service has several nodes.
    @Suite("One service on several nodes")
    struct SharedNodes {
        @Test func tokensAndKeysOfOneNodeWorkOnTheOthers() async throws {
            let database = try await DatabaseUnderTest()
            let nodes = try await NodesUnderTest(2, on: database.url)
            try await nodes.apply("cg-shared")
            let (first, second) = (try nodes.client(0), try nodes.client(1))

            // An idempotency key.
            let order = StartRequest(configuration: "cg-shared")
            let run = try await first.start(order, idempotencyKey: "once").run.id
            #expect(try await second.start(order, idempotencyKey: "once").run.id == run)
            await #expect {
                try await second.start(StartRequest(configuration: "cg-shared", runMode: .full), idempotencyKey: "once")
            } throws: {
                ($0 as? ClientError)?.code == .refused(.keyMismatch)
            }
            for number in 0..<4 { _ = try await nodes.client(number).start(order) }
            try await Observer(nodes: nodes).drained()

            // A token.
            let token = try await first.token().accessToken
            let bearer = WorkflowClient(
                ClientSettings(url: try nodes.process(1).url, tenant: nodes.tenant, credentials: .token(token)))
            #expect(try await bearer.runs().runs.count == 5)

            // A next_token, there and back.
            var seen: [RunID] = []
            var next: String?
            var page = 0
            repeat {
                let answer = try await nodes.client(page).runs(limit: 2, nextToken: next)
                seen += answer.runs.map(\.id)
                next = answer.nextToken
                page += 1
            } while next != nil
            #expect(seen.count == 5 && Set(seen).count == 5 && page == 3)

            // An entity tag: of a run, and of the list.
            let version = try #require(try await first.run(run, changedSince: nil)?.version)
            #expect(try await second.run(run, changedSince: version) == nil)
            let headers: HTTPFields = [.authorization: "Bearer \(token)", HeaderNames.tenant: nodes.tenant.name]
            let listed = try await HTTPTransport().send(
                ClientRequest(.get, try nodes.process(0).url + Paths.runs, headers: headers))
            let tag = try #require(listed.headers[.eTag])
            var conditional = headers
            conditional[.ifNoneMatch] = tag
            let unchanged = try await HTTPTransport().send(
                ClientRequest(.get, try nodes.process(1).url + Paths.runs, headers: conditional))
            #expect(listed.status == 200 && unchanged.status == 304)

            // A change of the configuration.
            try await nodes.apply("cg-shared", seconds: "0.01")
            let changed = try await second.configuration("cg-shared").version
            #expect(try await second.start(order).launchedVersion == changed)
            #expect(try await nodes.end() == [0, 0])
        }

        @Test func aKeyThatWasChangedIsKnownToAllNodesWithinASecond() async throws {
            let database = try await DatabaseUnderTest()
            let nodes = try await NodesUnderTest(2, on: database.url)
            let store = ["--database", database.url]
            let id = try #require(nodes.key["client_id"])
            for node in nodes.numbers { _ = try await nodes.client(node).runs() }

            // A new secret is valid on all nodes immediately, although nodes cache the old key.
            let printed = try await Program.run(["keys", "rotate", id, "--json"] + store)
            let rotated = try JSONDecoder().decode([String: String].self, from: Data(printed.output.utf8))
            let token = try await nodes.process(0).client(rotated).token().accessToken
            let bearers = try nodes.numbers.map { node in
                WorkflowClient(
                    ClientSettings(url: try nodes.process(node).url, tenant: nodes.tenant, credentials: .token(token)))
            }
            for bearer in bearers { _ = try await bearer.runs() }

            // A second after the drop, every node refuses the key.
            #expect(try await Program.run(["keys", "drop", id] + store).status == 0)
            let time = SystemTime()
            let dropped = time.now
            for bearer in bearers {
                try await Patience.wait(until: "a dropped key is refused") {
                    let asked = time.now
                    do {
                        _ = try await bearer.runs()
                    } catch let error as ClientError where error.code == .refused(.unauthenticated) {
                        return true
                    }
                    #expect(asked - dropped < .seconds(1))
                    return false
                }
            }
            #expect(try await nodes.end() == [0, 0])
        }

        @Test func nodesTogetherAdmitNoMoreThanOneWould() async throws {
            let quota = 5
            let database = try await DatabaseUnderTest()
            let nodes = try await NodesUnderTest(2, on: database.url, options: ["--rate-limit", "\(quota)"])
            let token = try await nodes.client(0).token().accessToken
            let headers: HTTPFields = [.authorization: "Bearer \(token)", HeaderNames.tenant: nodes.tenant.name]
            let urls = try nodes.numbers.map { try nodes.process($0).url + Paths.runs }
            let time = SystemTime()
            let begin = time.now
            let refused = Watched(0)
            // Four clients per node, until many requests were refused.
            let admitted = try await withThrowingTaskGroup(of: (node: Int, count: Int).self) { group in
                for lane in 0..<8 {
                    group.addTask {
                        var count = 0
                        while refused.value < 150 {
                            let answer = try await HTTPTransport().send(ClientRequest(.get, urls[lane % 2], headers: headers))
                            if answer.status == 200 { count += 1 }
                            if answer.status == 429 { refused.change { $0 += 1 } }
                        }
                        return (lane % 2, count)
                    }
                }
                return try await group.reduce(into: [0, 0]) { $0[$1.node] += $1.count }
            }
            let seconds = Double((time.now - begin).milliseconds) / 1_000
            // A node that waited too long for the shared bucket counts locally for a moment, and logs it.
            let alone = nodes.log.components(separatedBy: "this node counts by itself").count - 1
            let most = Double(quota * (1 + 2 * alone)) + Double(quota) * seconds + 2
            #expect(Double(admitted[0] + admitted[1]) <= most, "\(admitted) in \(seconds) s")
            #expect(admitted[0] + admitted[1] >= quota)
            #expect(try await nodes.end() == [0, 0])
        }

        @Test func outputIsFollowedOnANodeThatDoesNotRunTheTask() async throws {
            let database = try await DatabaseUnderTest()
            let nodes = try await NodesUnderTest(1, on: database.url)
            try await nodes.start(1, with: ["--workers", "0"])
            try nodes.directory.write(
                "echo one\nwhile test ! -e go; do sleep 0.05; done\necho two\n", to: "speak.sh")
            try await nodes.apply("cg-speak", script: "speak.sh")
            let run = try await nodes.client(1).start(StartRequest(configuration: "cg-speak")).run.id
            let elsewhere = try nodes.process(1).environment(nodes.key)
            async let followed = Program.run(["logs", run.rawValue, "only", "--follow"], environment: elsewhere)
            try await Patience.wait(until: "the first line can be read on the other node") {
                let task = try #require(try await nodes.client(1).run(run).tasks.first).id
                return try await nodes.client(1).output(of: task, in: run).bytes == Array("one\n".utf8)
            }
            try nodes.directory.write("", to: "go")
            let printed = try await followed
            #expect(printed.status == 0, "\(printed.messages)")
            #expect(printed.output.hasSuffix("one\ntwo\n"))
            #expect(try await nodes.end() == [0, 0])
        }
    }
}
