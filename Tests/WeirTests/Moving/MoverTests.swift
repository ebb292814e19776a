import ProgramTestKit
import SQLiteStore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import weir

@Suite("Moving a store")
struct MoverTests {
    private let directory: TemporaryDirectory
    private var data: String { directory.path + "/data" }

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// A store with something of everything, closed.
    private func filledArchive() async throws -> SQLiteArchive {
        let store = try SQLiteStore.open(directory: data)
        try await StoreBench(store).fillWithEverything()
        try await store.close()
        return try SQLiteArchive.open(directory: data)
    }

    private func move(_ source: any StoreExport, to target: MemoryTarget) async throws -> MoveReport {
        try await Mover(source: source, target: target).move { _, _, _ in }
    }

    @Test func everythingIsThereAndTheSame() async throws {
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

    @Test func aMoveThatWasCutShortGoesOn() async throws {
        let source = try await filledArchive()
        let target = MemoryTarget()
        var tries = 0
        while true {
            tries += 1
            // Each time it comes one page further, whose answer is lost.
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

    @Test func whatDiffersIsSaid() async throws {
        let source = try await filledArchive()
        let target = MemoryTarget { records in
            guard case .runs(var runs) = records, !runs.isEmpty else { return records }
            runs[0].run.name += "!"
            return .runs(runs)
        }
        let report = try await move(source, to: target)
        #expect(report.differences == [.runs])
        #expect(report.table(width: nil).contains(report.source[.runs].checksum))
        // It can be looked at again, and is not taken for the store that it should have been.
        #expect(try await move(source, to: target).differences == [.runs])
    }

    @Test func aTargetThatHoldsSomethingElseIsRefused() async throws {
        let source = try await filledArchive()
        let target = MemoryTarget()
        _ = try await target.beginTransfer(of: [1, 2, 3])
        await #expect(throws: StoreError.self) { try await move(source, to: target) }
    }

    @Test func everyMemberOfARecordCounts() {
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
        // The same letters, divided in another way.
        #expect(standard != contents(startKey(IdempotencyKey(owner: "a", text: "bc", fingerprint: [1]))))
        #expect(standard != contents(startKey(IdempotencyKey(owner: "ab", text: "c", fingerprint: []))))
        #expect(standard != contents(startKey(key, at: StoreBench.after(1))))
        #expect(standard.fingerprint != contents(startKey(key, at: StoreBench.after(1))).fingerprint)
    }

    @Test func theOrderOfRecordsMakesNoDifferenceAndDoublesDo() {
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
