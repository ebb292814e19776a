import Foundation
import NIOCore
import NIOPosix
import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowOperations

@testable import weir

/// More connections than a real service has descriptors.
@Suite("A service that is flooded with connections", .timeLimit(.minutes(10)))
struct ConnectionFloodTests {
    private static let openFiles = 256
    private static let tasks = 6

    private static let workflow =
        """
        id: cg-flood
        name: Flood
        type: test.flood/run
        stages:
          - name: Only
            tasks:

        """
        + (1...tasks).map { number in
            """
                  - id: t\(number)
                    type: test.ledger
                    command: [sh, -c, 'while test ! -e go; do sleep 0.05; done; echo done >> ledger']
                    retry: {attempts: 1}

            """
        }.joined()

    /// Beginnings of requests that never end; nil for a connection without data.
    private static let beginnings: [String?] = [
        "POST /api/v0/oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + "Content-Length: 10000\r\n\r\na",
        "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        nil,
    ]

    @Test func doesItsWorkAnswersOrRefusesAndEnds() async throws {
        let directory = try TemporaryDirectory()
        let data = directory.path + "/data"
        let file = try directory.write(Self.workflow, to: "flood.yaml")
        var server = try await ServerProcess.start(data, ["--workers", "2", "--rate-limit", "0"], openFiles: Self.openFiles)
        let key = try await server.makeKey()
        #expect(try await Program.run(["apply", file], environment: server.environment(key)).status == 0)
        let id = try await server.client(key).start(StartRequest(configuration: "cg-flood")).run.id

        let flood = try await Self.flood(server, connections: Self.openFiles + 100)
        // The run's tasks start now and need descriptors.
        try directory.write("", to: "go")
        try await Patience.wait(until: "all commands have been run") {
            directory.text(of: "ledger").split(separator: "\n").count == Self.tasks
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: "/proc/\(server.processID)/fd").count < Self.openFiles)
        // Answered or refused quickly: idle connections are closed after some seconds.
        try await Patience.wait(until: "health is answered beside the flood") {
            try await Self.exchange("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", with: server)
                .hasPrefix("HTTP/1.1 200 OK")
        }
        let flooded = try await Self.flood(server, connections: Self.openFiles + 100)
        #expect(try await server.end(with: SIGTERM) == 0)
        for channel in flood + flooded { try? await channel.close() }
        #expect(server.log.contains("inherited=\(Self.openFiles)"), "\(server.log)")

        server = try await ServerProcess.start(data, ["--rate-limit", "0"])
        let details = try await RunWatch(client: server.client(key)).end(of: id) { _ in }
        #expect(details.run.state == .succeeded, "\(String(describing: details.run.error))")
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    @Test func refusesALimitThatIsTooLowForItsWorkers() async throws {
        let directory = try TemporaryDirectory()
        let failed = try #require(
            await #expect(throws: ServerProcess.Failed.self) {
                try await ServerProcess.start(directory.path + "/data", ["--workers", "100"], openFiles: Self.openFiles)
            })
        #expect("\(failed)".contains("ended with 78: weir: The limit of open files is 256, but 100 workers need "))
    }

    /// Opens connections and leaves them open. The service may close some.
    private static func flood(_ server: ServerProcess, connections: Int) async throws -> [any Channel] {
        let port = try #require(URL(string: server.url)?.port)
        return try await withThrowingTaskGroup(of: (any Channel)?.self) { group in
            for number in 0..<connections {
                group.addTask {
                    let channel = try? await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                        .connect(host: "127.0.0.1", port: port).get()
                    if let text = Self.beginnings[number % Self.beginnings.count] {
                        try? await channel?.writeAndFlush(ByteBuffer(string: text))
                    }
                    return channel
                }
            }
            return try await group.reduce(into: []) { if let channel = $1 { $0.append(channel) } }
        }
    }

    /// All bytes that the service sends until it closes the connection.
    private static func exchange(_ text: String, with server: ServerProcess) async throws -> String {
        let port = try #require(URL(string: server.url)?.port)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var answer = ByteBuffer()
            for try await part in inbound { answer.writeImmutableBuffer(part) }
            return String(buffer: answer)
        }
    }
}
