import GRDB
import SQLiteTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

/// Words are looked up in indexes of trigrams. Rules of the contract compare what is found.
@Suite struct FiledTextTests {
    private static func withHistory(_ body: (SQLiteStore, RunsInMemory) async throws -> Void) async throws {
        try await withEmbeddedStore(time: TestClock()) { store in
            let runs = try await StoreBench(store).importFiledTexts()
            try await body(store, runs)
        }
    }

    @Test func nothingIsLeftOfTheTextsOfDeletedRuns() async throws {
        try await Self.withHistory { store, _ in
            try await store.deleteAll(createdBefore: StoreBench.after(1_450))
            #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
            func found(_ word: String) async throws -> (texts: Int, ids: Int) {
                let word = try #require(SearchWord(word))
                return try await store.read { database in
                    let tenant = try #require(try database.number(of: StoreBench.acme))
                    let texts = try #require(try database.subjects(with: word.trigrams ?? [], in: tenant, limit: 5_000))
                    let ids = try #require(try database.runs(withTrigramsOf: word.trigramsOfIDs ?? [], limit: 5_000))
                    return (texts.count, ids.count)
                }
            }
            #expect(try await found("qzy9k") == (0, 0))
            #expect(try await found("is lost") == (0, 0))
            #expect(try await found("no answer").texts == 1)
            try await store.deleteAll(createdBefore: Timestamp(milliseconds: .max))
            #expect(try await store.rows(of: "run_subjects") == 0)
            #expect(try await found("no answer") == (0, 0))
            try await store.write { database in
                for table in ["subject_texts", "run_ids"] {
                    try database.database.execute(sql: "INSERT INTO \(table) (\(table)) VALUES ('integrity-check')")
                }
            }
        }
    }

    @Test func aMissingTextIsFoundByACheckAndRepaired() async throws {
        try await Self.withHistory { store, runs in
            for statement in TextStatement.deleteAll {
                _ = try await store.write { try $0.change(statement) }
                #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.start).count == 1, "\(statement)")
                _ = try await store.checkOfAllTenants(repairing: true, at: StoreBench.start)
                try await store.fileAll()
                #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
            }
            let query = RunQuery(tenant: StoreBench.acme, filter: try .reading([.text: "qzy9k"]), limit: 10, withTotal: true)
            let page = try await store.runs(matching: query)
            #expect(runs.problem(with: page, for: query) == nil)
        }
    }

    /// Beyond them, the newest runs are read instead.
    @Test func wordsOfMoreRunsThanTheLimitsAreNotListed() async throws {
        try await withEmbeddedStore { store in
            let bench = StoreBench(store)
            func isLookedUp(_ word: String) async throws -> Bool {
                let query = RunQuery(tenant: StoreBench.acme, filter: try .reading([.text: word]))
                return try await store.read { try $0.walks(query).keys.first != .all }
            }
            func importRuns(_ numbers: Range<Int>, _ change: (Int, inout WorkflowRun) -> Void) async throws {
                try await bench.importAll(
                    numbers.map { number in
                        var run = bench.endedRun("wf-\(number)-\(numbers.count)", at: Double(number))
                        change(number, &run)
                        return run
                    })
                try await store.fileAll()
            }
            try await importRuns(0..<WordLimits.texts) { $1.name = "many texts \($0)" }
            #expect(try await isLookedUp("many texts"))
            try await importRuns(WordLimits.texts..<WordLimits.texts + 1) { $1.name = "many texts \($0)" }
            #expect(try await !isLookedUp("many texts"))

            try await importRuns(0..<WordLimits.ids) { $1.id = RunID(rawValue: "many-ids-\($0)") }
            #expect(try await isLookedUp("many-ids"))
            try await importRuns(WordLimits.ids..<WordLimits.ids + 1) { $1.id = RunID(rawValue: "many-ids-\($0)") }
            #expect(try await !isLookedUp("many-ids"))

            // More texts than walks.
            try await importRuns(10_000..<10_000 + WordLimits.listed) { $1.name = "listed \($0 % 100)" }
            #expect(try await isLookedUp("listed"))
            try await importRuns(90_000..<90_001) { $1.name = "listed \($0)" }
            #expect(try await !isLookedUp("listed"))
        }
    }

    /// FTS5 would go through all rows of both trigrams, and find none.
    @Test func aWordWhoseTrigramsAreAllCommonIsNotLookedUp() async throws {
        try await withEmbeddedStore { store in
            let bench = StoreBench(store)
            try await bench.importAll(
                (0..<6).map { number in
                    var run = bench.endedRun("\(number.isMultiple(of: 2) ? "xabc" : "bcdx")-\(number)", at: Double(number))
                    run.name = run.id.rawValue
                    return run
                })
            try await store.fileAll()
            try await store.read { database in
                let tenant = try #require(try database.number(of: StoreBench.acme))
                func found(_ trigrams: [String], common: Int) throws -> [Int?] {
                    [
                        try database.runs(withTrigramsOf: [trigrams], limit: 10, common: common)?.count,
                        try database.subjects(with: trigrams, in: tenant, limit: 10, common: common)?.count,
                    ]
                }
                #expect(try found(["abc", "bcd"], common: 2) == [nil, nil])
                #expect(try found(["abc", "bcd"], common: 3) == [0, 0])
                #expect(try found(["abc", "xab"], common: 3) == [3, 3])
                #expect(try found(["abc", "c-4"], common: 2) == [1, 1])
                #expect(try found(["abc", "zzz"], common: 2) == [0, 0])
                let ways = [["abc"], ["bcd", "x-1"], ["zzz"]]
                #expect(try database.runs(withTrigramsOf: ways, limit: 10, common: 3)?.count == 4)
                #expect(try database.runs(withTrigramsOf: ways, limit: 10, common: 2) == nil)
            }
        }
    }
}
