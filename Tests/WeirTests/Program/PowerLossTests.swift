import Foundation
import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel

/// A service whose machine loses power: acknowledged data is on disk, and the store is consistent.
@Suite("A machine that loses power", .timeLimit(.minutes(10)))
struct PowerLossTests {
    private static let startsInARound = 16
    /// The number of acknowledged starts before the power is lost.
    private static let lostAfter = 10
    private static let options = ["--rate-limit", "0", "--workers", "2"]
    private static let workflow = """
        id: cg-power
        name: Power
        type: test.power/run
        stages:
          - name: Only
            tasks:
              - {id: only, type: test.power, command: ["true"], retry: {attempts: 20, first_delay: 10ms, max_delay: 100ms}}

        """

    private let directory: TemporaryDirectory
    private let data: String
    private let power: LostPower
    private let environment: [String: String]

    init() throws {
        directory = try TemporaryDirectory()
        data = directory.path + "/root/data"
        try FileManager.default.createDirectory(atPath: directory.path + "/root", withIntermediateDirectories: true)
        power = LostPower(of: directory.path + "/root", in: directory.path)
        environment = power.environment(try #require(LostPower.library, "libPowerLoss.so is not beside the tests"))
    }

    private func start() async throws -> ServerProcess {
        try await ServerProcess.start(data, Self.options, environment: environment)
    }

    private func apply(_ server: ServerProcess, _ key: [String: String]) async throws {
        let file = try directory.write(Self.workflow, to: "power.yaml")
        let applied = try await Program.run(["apply", file], environment: server.environment(key))
        try #require(applied.status == 0, "\(applied.messages)")
    }

    /// Sends starts concurrently, and kills the service after a number of acknowledgements.
    /// - Returns: the acknowledged runs, and those that were seen as succeeded.
    private func startUntilTheEnd(_ server: ServerProcess, _ key: [String: String]) async throws -> (all: [RunID], ended: [RunID]) {
        let client = server.client(key)
        var acknowledged: [RunID] = []
        var ended: [RunID] = []
        await withTaskGroup(of: RunID?.self) { group in
            for _ in 0..<Self.startsInARound {
                group.addTask { try? await client.start(.init(configuration: "cg-power")).run.id }
            }
            for await id in group {
                if let id { acknowledged.append(id) }
                guard acknowledged.count == Self.lostAfter else { continue }
                for id in acknowledged {
                    if let run = try? await client.run(id).run, run.state == .succeeded { ended.append(id) }
                }
                server.send(SIGKILL)
            }
        }
        _ = try await server.end(with: SIGKILL)
        return (acknowledged, ended)
    }

    @Test(arguments: [LostPower.Fate.lost, .anyPart(seed: 1), .anyPart(seed: 2), .anyPart(seed: 3)])
    func acknowledgedDataIsOnDiskAndConsistent(fate: LostPower.Fate) async throws {
        var server = try await start()
        let key = try await server.makeKey()
        try await apply(server, key)
        var acknowledged: [RunID] = []
        for round in 1...3 {
            let (all, ended) = try await startUntilTheEnd(server, key)
            #expect(all.count >= Self.lostAfter, "round \(round)")
            acknowledged += all
            try power.happen(fate)
            let checked = try await Program.run(["check", "--data", data])
            #expect(checked.status == 0, "round \(round): \(checked.output)\(checked.messages)")
            server = try await start()
            let client = server.client(key)
            for id in acknowledged { #expect(try await client.run(id).run.id == id) }
            // A state that was seen is not lost.
            for id in ended { #expect(try await client.run(id).run.state == .succeeded) }
        }
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    /// The first acknowledged record is a key. Its store and directory must be on disk.
    @Test func aNewStoreIsOnDisk() async throws {
        let server = try await start()
        let key = try await server.makeKey()
        _ = try await server.end(with: SIGKILL)
        try power.happen(.lost)
        let again = try await start()
        #expect(try await again.client(key).runs(limit: 1).runs.isEmpty)
        #expect(try await again.end(with: SIGTERM) == 0)
    }

    /// A control for the other tests: on a disk that ignores synchronization, everything is lost.
    @Test func aDiskThatIgnoresSynchronizationLosesRuns() async throws {
        let server = try await start()
        let key = try await server.makeKey()
        try await apply(server, key)
        let (all, _) = try await startUntilTheEnd(server, key)
        #expect(all.count >= Self.lostAfter)
        #expect(try power.happen(.lost, trustsSync: false) > all.count)
        #expect(!FileManager.default.fileExists(atPath: data + "/weir.db"))
    }
}
