import ProgramTestKit
import SQLiteStore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowOperations

@Suite("Moving a store")
struct MoverTests {
    private let directory: TemporaryDirectory
    private var data: String { directory.path + "/data" }

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// A closed store with records of every kind.
    private func filledArchive() async throws -> SQLiteArchive {
        let store = try SQLiteStore.open(directory: data, time: SystemTime())
        try await StoreBench(store).fillWithEverything()
        try await store.close()
        return try SQLiteArchive.open(directory: data)
    }

    private func move(_ source: any StoreExport, to target: MemoryTarget) async throws -> MoveReport {
        try await Mover(source: source, target: target).move { _, _, _ in }
    }

    @Test func allRecordsAreCopiedAndCompareEqual() async throws {
        let source = try await filledArchive()
        let target = MemoryTarget()
        var phases: [Mover.Phase: Int] = [:]
        let report = try await Mover(source: source, target: target).move { phase, records, all in
            phases[phase] = records
            #expect(all == nil || records <= all ?? 0)
        }
        #expect(report.outcome == .isTheSame)
        #expect(report.differences.isEmpty)
        for kind in StoreContents.Kind.allCases { #expect(report.source[kind].count > 0, "\(kind.rawValue)") }
        #expect(phases[.reading] == report.source.records)
        #expect(phases[.copying] == report.source.records)
        #expect(phases[.comparing] == report.source.records)
        #expect(try await move(source, to: target).outcome == .wasThereAlready)
    }

    @Test func anInterruptedMoveResumes() async throws {
        let source = try await filledArchive()
        let target = MemoryTarget()
        var tries = 0
        while true {
            tries += 1
            // Each try writes one more page, whose answer is lost.
            target.losesAnswer(after: 0)
            do {
                #expect(try await move(source, to: target).outcome == .isTheSame)
                break
            } catch let error as StoreError where error.code == .unavailable {
                #expect(tries < 50)
            }
        }
        #expect(tries == TransferPart.allCases.count + 1)
    }

    @Test func differencesAreReported() async throws {
        let source = try await filledArchive()
        let target = MemoryTarget { records in
            guard case .runs(var runs) = records, !runs.isEmpty else { return records }
            runs[0].run.name += "!"
            return .runs(runs)
        }
        let report = try await move(source, to: target)
        #expect(report.differences == [.runs])
        // A repeated move finds the same difference and does not accept the target.
        #expect(try await move(source, to: target).differences == [.runs])
    }

    @Test func aTargetWithOtherContentsIsRefused() async throws {
        let source = try await filledArchive()
        let target = MemoryTarget()
        _ = try await target.beginTransfer(of: [1, 2, 3])
        await #expect(throws: StoreError.self) { try await move(source, to: target) }
    }

    @Test func everyMemberOfARecordChangesTheChecksum() {
        let contents = { (records: TransferRecords) in
            var contents = StoreContents()
            contents.add(records)
            return contents
        }
        let key = IdempotencyKey(owner: "ab", text: "c", fingerprint: [1])
        func startKey(_ key: IdempotencyKey, at usedAt: Timestamp = StoreBench.start) -> TransferRecords {
            .startKeys([
                TransferredStartKey(
                    tenant: StoreBench.acme, key: key, run: RunID(rawValue: "r"), runCreatedAt: StoreBench.start, usedAt: usedAt)
            ])
        }
        let standard = contents(startKey(key))
        #expect(standard == contents(startKey(key)))
        // The same letters, split differently.
        #expect(standard != contents(startKey(IdempotencyKey(owner: "a", text: "bc", fingerprint: [1]))))
        #expect(standard != contents(startKey(IdempotencyKey(owner: "ab", text: "c", fingerprint: []))))
        #expect(standard != contents(startKey(key, at: StoreBench.after(1))))
        #expect(standard.fingerprint != contents(startKey(key, at: StoreBench.after(1))).fingerprint)
    }

    @Test func theOrderOfRecordsMakesNoDifferenceAndDuplicatesDo() {
        let secrets = [1, 2, 3].map { TransferredSecret(name: "s\($0)", value: [UInt8($0)]) }
        var forwards = StoreContents()
        forwards.add(.secrets(secrets))
        var backwards = StoreContents()
        for secret in secrets.reversed() { backwards.add(.secrets([secret])) }
        #expect(forwards == backwards)
        backwards.add(.secrets([secrets[0]]))
        #expect(forwards != backwards)
        #expect(forwards[.secrets].checksum.count == 32)
    }
}
