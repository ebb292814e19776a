import Foundation
import Glibc
import Logging
import PostgresStore
import PostgresTestKit
import ProgramTestKit
import SQLiteStore
import Testing
import WorkflowModel
import WorkflowOperations
import WorkflowTestKit

@testable import weir

@Suite("Moving a data directory to PostgreSQL", .timeLimit(.minutes(10)))
struct MoveToPostgresTests {
    private let directory: TemporaryDirectory
    private var data: String { directory.path + "/data" }

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// - Returns: when the next task of the filled store is ready.
    @discardableResult
    private func fill() async throws -> Timestamp? {
        let store = try SQLiteStore.open(directory: data, time: SystemTime())
        try await StoreBench(store).fillWithEverything()
        let ready = try await store.nextReadyTimeOfAllTenants(after: StoreBench.after(10))
        try await store.close()
        return ready
    }

    private func open(_ database: TestDatabase) async throws -> PostgresStore {
        try await PostgresStore.open(
            try database.address(), settings: PostgresSettings(connections: 2), time: TestClock(now: StoreBench.start),
            random: SystemRandom(), takingOver: true, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test func theProgramMovesComparesAndDoesNothingTwice() async throws {
        try await fill()
        try await TestDatabase.withEmpty { database in
            let move = ["move", "--from", data, "--to", database.url]
            let moved = try await Program.run(move + ["--json"])
            #expect(moved.status == 0, "\(moved.messages)")
            #expect(moved.output.hasPrefix(#"{"outcome":"same","tables":[{"table":"service_secrets","records":2,"#))
            let again = try await Program.run(move)
            #expect(again.status == 0)
            #expect(again.messages == "The directory was moved to this database before. Nothing changed.\n")
            let keys = try await Program.run(["keys", "list", "--database", database.url])
            #expect(keys.status == 0)
            #expect(["wk_0", "wk_1", "wk_2"].allSatisfy(keys.output.contains))
        }
    }

    @Test func activeRunsContinueAfterTheMove() async throws {
        let ready = try #require(try await fill())
        try await TestDatabase.withEmpty { database in
            let archive = try SQLiteArchive.open(directory: data)
            let target = try await open(database)
            let report = try await Mover(source: archive, target: target).move { _, _, _ in }
            #expect(report.outcome == .isTheSame, "\(report.table(width: nil))")
            let bench = StoreBench(target)
            let abandoned = try await target.expiredLeasesOfAllTenants(at: StoreBench.after(600), limit: 10)
            #expect(Set(abandoned.map(\.worker)) == ["worker-held", "worker-1"])
            #expect(try await target.nextReadyTimeOfAllTenants(after: StoreBench.after(10)) == ready)
            let claimed = try await bench.claim(at: StoreBench.after(600))
            #expect(Set(claimed.map(\.definitionID)) == ["called", "waiting", "b", "wait-job", "retry", "wait-run", "only"])
            // A task of the rerun from a failure, with the outputs of the kept tasks.
            #expect(claimed.first { $0.definitionID == "b" }?.inputs == ["a": JSONText(validated: #"{"rows":3}"#)])
            #expect(claimed.first { $0.definitionID == "retry" }?.lease.attempt == 2)
            let key = IdempotencyKey(owner: "wk_0", text: "once/and for all", fingerprint: [7, 7])
            #expect(try await target.acceptedRun(once: key, of: StoreBench.acme, at: StoreBench.after(10)) != nil)
            #expect(try await target.serviceSecret("tokens", orElse: [0]) == [1, 2, 3])
            try await Self.checkBulkOperations(in: target)
            try await target.close()
        }
    }

    /// The operations that were running are due at once, and each goes on at its place, behind its last receipt.
    private static func checkBulkOperations(in target: PostgresStore) async throws {
        let claimed = try await target.claimBulkOperationsOfAllTenants(
            limit: 9, until: StoreBench.after(700), at: StoreBench.after(600))
        #expect(claimed.map(\.operation.tenant) == [StoreBench.acme, StoreBench.globex])
        #expect(claimed.map(\.place) == [StoreBench.bulkPlace, nil])
        let first = try #require(claimed.first)
        #expect(first.operation.counts == BulkCounts(done: 1, unchanged: 2, refused: 1))
        let step = BulkStep(5, .settle(.noSuchRun), on: RunID(rawValue: "wf-5"))
        #expect(try await target.carryOut(step, under: first.lease, at: StoreBench.after(601))?.number == 5)
        let query = BulkReceiptQuery(of: first.operation.id, tenant: StoreBench.acme, limit: 9)
        #expect(try await target.bulkReceipts(matching: query)?.receipts.map(\.number) == [1, 2, 3, 4, 5])
        let page = try await target.bulkOperations(matching: BulkQuery(of: StoreBench.acme, limit: 9))
        #expect(page.operations.map(\.state) == [.aborted, .running])
    }

    @Test func aRepeatedlyInterruptedMoveLeavesNoDuplicatesAndNoGaps() async throws {
        try await fill()
        try await TestDatabase.withEmpty { database in
            let archive = try SQLiteArchive.open(directory: data)
            var tries = 0
            while true {
                tries += 1
                let target = try await open(database)
                do {
                    let report = try await Mover(source: archive, target: LosingAnswers(base: target)).move { _, _, _ in }
                    #expect(report.outcome == .isTheSame, "\(report.table(width: nil))")
                    try await target.close()
                    break
                } catch let error as StoreError where error.message == LosingAnswers.message {
                    try await target.close()
                    // No service starts on a half-moved database.
                    let refused = try await Program.run(["keys", "list", "--database", database.url])
                    #expect(refused.status == ExitStatus.unavailable.rawValue)
                    #expect(refused.messages.contains("weir move"))
                }
            }
            #expect(tries == TransferPart.allCases.count + 1)
        }
    }

    @Test func aRepeatedlyKilledMoveResumes() async throws {
        try await fill()
        let store = try SQLiteStore.open(directory: data, time: SystemTime())
        let history = RunHistory(20_000, over: .weeks, random: SeededRandom(seed: 3))
        for begin in stride(from: 0, to: history.runs.count, by: 5_000) {
            _ = try await store.importRuns(Array(history.imported[begin..<begin + 5_000]), into: history.tenant)
        }
        try await store.close()
        try await TestDatabase.withEmpty { database in
            let move = ["move", "--from", data, "--to", database.url]
            var copied = 0
            for _ in 0..<3 {
                let process = try SpawnedProgram(Program.path, move, environment: Program.environment()).start()
                async let end = SpawnedProgram.end(of: process)
                let before = copied
                try await Patience.wait(until: "more is copied than the move before had") {
                    copied = Int(try await database.sql("SELECT count(*) FROM runs")) ?? 0
                    return copied > before
                }
                kill(process, SIGKILL)
                #expect(await end == -SIGKILL)
                #expect(copied < history.runs.count)
                let refused = try await Program.run(["keys", "list", "--database", database.url])
                #expect(refused.status == ExitStatus.unavailable.rawValue)
            }
            let moved = try await Program.run(move + ["--json"])
            #expect(moved.status == 0, "\(moved.messages)")
            #expect(moved.output.hasPrefix(#"{"outcome":"same","#), "\(moved.output)")
            let found = try await database.sql("SELECT count(*), count(DISTINCT (tenant, id)) FROM runs")
            let counts = found.split(separator: "|").compactMap { Int($0) }
            #expect(counts.count == 2 && Set(counts).count == 1 && counts[0] > history.runs.count, "\(found)")
        }
    }

    @Test func aDatabaseWithContentsIsRefused() async throws {
        try await fill()
        try await TestDatabase.withEmpty { database in
            let made = try await Program.run(
                ["keys", "create", "--tenant", "acme", "--name", "me", "--policy", "admin", "--database", database.url])
            #expect(made.status == 0, "\(made.messages)")
            let refused = try await Program.run(["move", "--from", data, "--to", database.url])
            #expect(refused.status == ExitStatus.data.rawValue)
            #expect(refused.messages.contains("use an empty database"))
            let nowhere = try await Program.run(["move", "--from", directory.path + "/none", "--to", database.url])
            #expect(nowhere.status == ExitStatus.noInput.rawValue)
        }
    }

    @Test func aDirectoryInUseIsRefused() async throws {
        try await fill()
        let owner = try SQLiteStore.open(directory: data, time: SystemTime())
        let refused = try await Program.run(["move", "--from", data, "--to", "postgres://weir@127.0.0.1:1/weir"])
        #expect(refused.status == ExitStatus.temporary.rawValue)
        #expect(refused.messages.contains("is in use by process"))
        try await owner.close()
    }
}

/// A target that writes every page and loses its answer.
private struct LosingAnswers: StoreImport, StoreExport {
    static let message = "The answer was lost."
    let base: PostgresStore

    func beginTransfer(of source: [UInt8]) async throws -> TransferStage {
        try await base.beginTransfer(of: source)
    }

    func add(_ records: TransferRecords, reaching stage: TransferStage) async throws {
        try await base.add(records, reaching: stage)
        throw StoreError(.unavailable, Self.message)
    }

    func endTransfer() async throws {
        try await base.endTransfer()
    }

    func records(of part: TransferPart, from place: TransferPlace?) async throws -> TransferPage {
        try await base.records(of: part, from: place)
    }
}
