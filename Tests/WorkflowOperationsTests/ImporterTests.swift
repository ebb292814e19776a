import Foundation
import ProgramTestKit
import SQLiteStore
import Testing
import WorkflowModel

@testable import WorkflowOperations

@Suite("Importing history")
struct ImporterTests {
    private let directory: TemporaryDirectory
    private let store: SQLiteStore
    private let tenant: Tenant

    init() throws {
        directory = try TemporaryDirectory()
        store = try SQLiteStore.open(directory: directory.path + "/data", time: SystemTime())
        tenant = try #require(Tenant("acme"))
    }

    private func load(_ text: String, batch: Int = 10) async throws -> ImportTotals {
        let file = try LineFile(try directory.write(text, to: "history.ndjson"))
        let importer = Importer(
            administration: DirectAdministration(store: store, lookup: NoAddressLookup()), tenant: tenant, batchSize: batch,
            cores: 2)
        return try await importer.load(file) { _ in }
    }

    private func count() async throws -> Int {
        try await store.runs(matching: RunQuery(tenant: tenant, limit: 1, withTotal: true)).total?.exact ?? -1
    }

    /// The complaints about the first bad batch, and the totals until then.
    private func failure(_ text: String, batch: Int = 10) async throws -> (text: String, totals: ImportTotals) {
        let failure = try await #require(throws: ImportFailure.self) { _ = try await load(text, batch: batch) }
        let complaints = try #require(failure.cause as? LineComplaints)
        return (complaints.text(file: "history.ndjson"), failure.totals)
    }

    @Test func allRunsAreImportedOnce() async throws {
        let text = History.text(1...95)
        #expect(try await load(text) == ImportTotals(added: 95, alreadyThere: 0, bytes: text.utf8.count))
        #expect(try await load(text) == ImportTotals(added: 0, alreadyThere: 95, bytes: text.utf8.count))
        #expect(try await count() == 95)
        try await store.close()
    }

    @Test func batchesAreLargerInAStoreThatNobodyElseUses() async throws {
        let text = History.text(1...(ImportLimits.standardBatch + 1))
        for (isShared, batches) in [(true, 2), (false, 1)] {
            let file = try LineFile(try directory.write(text, to: "history.ndjson"))
            let administration = DirectAdministration(store: store, lookup: NoAddressLookup(), isShared: isShared)
            var steps = 0
            _ = try await Importer(administration: administration, tenant: tenant, cores: 2).load(file) { _ in steps += 1 }
            #expect(steps == batches)
        }
        try await store.close()
    }

    @Test func aBadLineStopsTheImportBeforeItsBatch() async throws {
        let lines = History.text(1...24) + "{\"id\":\"x\"}\n" + History.text(26...27) + "nonsense\n" + History.text(29...60)
        let failure = try await failure(lines)
        #expect(failure.totals.runs == 20)
        #expect(failure.text.hasPrefix("history.ndjson:25: "))
        #expect(failure.text.contains("\nhistory.ndjson:28: the line is not valid JSON"))
        #expect(try await count() == 20)
        // After a correction, the same import continues.
        let corrected = try await load(History.text(1...60))
        #expect(corrected.added == 40 && corrected.alreadyThere == 20)
        try await store.close()
    }

    @Test func noMoreThanTwentyComplaintsAreShown() async throws {
        let failure = try await failure(String(repeating: "?\n", count: 50), batch: 50)
        #expect(failure.text.components(separatedBy: "history.ndjson:").count - 1 == 21)
        #expect(failure.text.hasSuffix("history.ndjson: and 30 more bad lines in this batch"))
        #expect(failure.totals.runs == 0)
        try await store.close()
    }

    @Test func aFileThatEndsInTheMiddleOfALineIsNamed() async throws {
        let text = History.text(1...10) + History.line(11).dropLast(20)
        let failure = try await failure(text)
        #expect(failure.text.hasSuffix("history.ndjson:11: the file ends in the middle of this line"))
        #expect(try await count() == 10)
        try await store.close()
    }

    @Test func aLastLineWithoutNewlineIsLoadedWhenItIsWhole() async throws {
        #expect(try await load(History.text(1...10) + History.line(11)).added == 11)
        try await store.close()
    }

    @Test(arguments: ["", "\n", "  \n\r\n\n"])
    func aFileWithNothingInItIsFine(text: String) async throws {
        #expect(try await load(text).runs == 0)
        try await store.close()
    }

    @Test func anotherTenantsRunIsRefused() async throws {
        let failure = try await failure(History.line(1, tenant: "other") + "\n")
        #expect(failure.text.contains("history.ndjson:1: tenant "))
        #expect(try await count() == 0)
        try await store.close()
    }

    @Test(arguments: ["/nonexistent/file", "/"])
    func anUnreadableFileIsReported(path: String) {
        #expect {
            _ = try LineFile(path)
        } throws: {
            ($0 as? OperationError)?.code == .unreadable
        }
    }
}
