import Logging
import PostgresClusterKit
import PostgresTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

/// Words are looked up in indexes of trigrams. Rules of the contract compare what is found.
@Suite struct FiledTextTests {
    private static let rare = "qzy9k"

    @Test func nothingIsLeftOfTheTextsOfDeletedRuns() async throws {
        try await TestDatabase.withStore { store in
            let bench = StoreBench(store)
            _ = try await bench.importFiledTexts()
            _ = try await bench.retain(createdBefore: StoreBench.after(1_450))
            try await store.fileAll()
            try await store.expectRight(unfiled: 0)
            #expect(try await store.found(Self.rare).map { [$0.texts.count, $0.ids.count] } == [0, 0])
            #expect(try await store.found("is lost")?.texts.isEmpty == true)
            #expect(try await store.found("no answer")?.texts.count == 1)
        }
    }

    @Test func runsThatWereFiledBeforeTextsWereIndexedAreFiledOnceMore() async throws {
        try await TestDatabase.with { database in
            let store = try await database.openStore()
            let runs = try await StoreBench(store).importFiledTexts()
            // As the migration leaves them.
            try await database.sql(
                """
                DELETE FROM run_marks WHERE subject IN (SELECT subject FROM subject_texts);
                DELETE FROM subject_days WHERE subject IN (SELECT subject FROM subject_texts);
                DELETE FROM run_subjects WHERE number IN (SELECT subject FROM subject_texts);
                DELETE FROM subject_texts;
                INSERT INTO older_runs (tenant, run_created_at, run) VALUES (0, 0, '')
                """)
            let query = RunQuery(tenant: StoreBench.acme, filter: try .reading([.text: Self.rare]), limit: 10, withTotal: true)
            #expect(runs.problem(with: try await store.runs(matching: query), for: query) == nil)
            _ = try await store.fileRunsAtRest()
            try await store.expectRight()
            _ = try await StoreBench(store).retain(createdBefore: StoreBench.after(8))
            try await store.fileAll()
            try await store.expectRight(unfiled: 0)
            let page = try await store.runs(matching: query)
            #expect(runs.problem(with: page, for: query) == nil && page.total?.exact == page.runs.count)
            try await store.close()
        }
    }

    /// Beyond them, the newest runs are read instead.
    @Test func wordsOfMoreRunsThanTheLimitsAreNotListed() async throws {
        try await TestDatabase.withStore { store in
            let bench = StoreBench(store)
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
            #expect(try await store.looksUp("many texts"))
            try await importRuns(WordLimits.texts..<WordLimits.texts + 1) { $1.name = "many texts \($0)" }
            #expect(try await !store.looksUp("many texts"))

            try await importRuns(0..<WordLimits.ids) { $1.id = RunID(rawValue: "many-ids-\($0)") }
            #expect(try await store.looksUp("many-ids"))
            try await importRuns(WordLimits.ids..<WordLimits.ids + 1) { $1.id = RunID(rawValue: "many-ids-\($0)") }
            #expect(try await !store.looksUp("many-ids"))

            // More texts than walks.
            try await importRuns(10_000..<10_000 + WordLimits.listed) { $1.name = "listed \($0 % 100)" }
            #expect(try await store.looksUp("listed"))
            try await importRuns(90_000..<90_001) { $1.name = "listed \($0)" }
            #expect(try await !store.looksUp("listed"))
        }
    }

    @Test func manyTextsOfAWordShareAWalk() async throws {
        try await TestDatabase.withStore { store in
            let bench = StoreBench(store)
            for (number, sharesWalk) in [(WordLimits.walks - 1, false), (WordLimits.walks, true)] {
                try await bench.importAll(
                    (0...number).map { text in
                        var run = bench.endedRun("wf-\(number)-\(text)", at: Double(text))
                        run.name = "shared-\(number) \(text)"
                        return run
                    })
                try await store.fileAll()
                let walks = try await store.walks("shared-\(number)")
                #expect(walks.contains { if case .sharedMarks = $0 { true } else { false } } == sharesWalk)
                #expect(try await bench.ids(.reading([.text: "shared-\(number)"])).count == number + 1)
            }
        }
    }

    // MARK: Databases without the extension

    /// In a schema of another user, and in a database in which this one may create nothing else.
    @Test func withoutTheExtensionTextsAreSearchedUntilAnAdministratorAddsIt() async throws {
        try await TestDatabase.withEmpty { database in
            let role = database.name + "_limited"
            try await database.cluster.sql("CREATE ROLE \(role) LOGIN PASSWORD 'weir'")
            try await database.cluster.sql("CREATE SCHEMA weir AUTHORIZATION \(role)", in: database.name)
            let address = try DatabaseAddress("postgres://\(role):weir@127.0.0.1:\(database.cluster.port)/\(database.name)")
            let log = RecordedLog()
            let store = try await database.openStore(at: address, logger: log.logger)
            #expect(log.messages(.warning).count == 1 && log.count(of: TextIndexes.remedy) == 1)
            #expect(log.count(of: "permission denied") == 1)
            let runs = try await StoreBench(store).importFiledTexts()
            func expectFound(_ store: PostgresStore, looksUp: Bool) async throws {
                #expect(try await store.looksUp(Self.rare) == looksUp)
                try await store.expectRight(unfiled: 0)
                let query = RunQuery(tenant: StoreBench.acme, filter: try .reading([.text: Self.rare]), limit: 10)
                #expect(runs.problem(with: try await store.runs(matching: query), for: query) == nil)
            }
            try await expectFound(store, looksUp: false)
            try await database.cluster.sql(TextIndexes.remedy, in: database.name)
            try await expectFound(store, looksUp: false)

            let later = try await database.openStore(at: address, logger: log.logger)
            #expect(log.messages(.warning).count == 1)
            try await expectFound(later, looksUp: true)
            // Another node sees it without being restarted.
            try await expectFound(store, looksUp: true)
            try await later.close()
            try await store.close()
        }
    }

    @Test func aServerWithoutTheExtensionIsOpened() async throws {
        try await TestDatabase.withEmpty { database in
            // As a server answers without the contrib modules.
            try await database.cluster.sql(
                """
                CREATE FUNCTION public.refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
                    RAISE EXCEPTION 'extension "pg_trgm" is not available' USING ERRCODE = '0A000';
                END $$;
                CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('CREATE EXTENSION')
                    EXECUTE FUNCTION public.refuse();
                """, in: database.name)
            let log = RecordedLog()
            let store = try await database.openStore(logger: log.logger)
            #expect(log.messages(.warning).count == 1 && log.count(of: "is not available") == 1)
            _ = try await StoreBench(store).importFiledTexts()
            #expect(try await !store.looksUp(Self.rare))
            try await store.close()
        }
    }

    @Test func aLookUpThatTakesTooLongIsGivenUp() async throws {
        try await TestDatabase.with { database in
            let store = try await database.openStore(
                settings: PostgresSettings(connections: 2, foldInterval: nil, lookUpTime: .milliseconds(50)))
            let runs = try await StoreBench(store).importFiledTexts()
            let holder = try await database.openStore(settings: PostgresSettings(connections: 1, foldInterval: nil))
            try await holder.pool.run { connection in
                try connection.begin()
                try connection.control("LOCK TABLE subject_texts IN ACCESS EXCLUSIVE MODE")
            }
            let query = RunQuery(tenant: StoreBench.acme, filter: try .reading([.text: Self.rare]), limit: 10, withTotal: true)
            let page = try await store.runs(matching: query)
            #expect(runs.problem(with: page, for: query) == nil)
            try await database.sql(
                """
                SELECT pg_terminate_backend(pid) FROM pg_locks
                WHERE relation = 'subject_texts'::regclass AND mode = 'AccessExclusiveLock'
                """)
            try await holder.close()
            try await store.close()
        }
    }

    // MARK: Statements

    @Test func lookUpsUseTheirIndexesAlone() async throws {
        try await TestDatabase.with { database in
            try await database.session { connection in
                try connection.transaction {
                    let pattern = Column([TrigramText.pattern(ofIDsWith: Self.rare)])
                    let states = Column([RunState.failed])
                    let plans = try connection.lookingUp {
                        [
                            try connection.reusedPlan(
                                WordStatement.texts, [TrigramText.pattern(ofTextsWith: Self.rare, in: 1), 1_001]),
                            try connection.reusedPlan(WordStatement.ids, [pattern, 1, 2_001]),
                            try connection.reusedPlan(WordStatement.counts, [Column([1, 2]), states, 0, Int.max]),
                        ]
                    }
                    let (texts, ids, counts) = try (#require(plans)[0], #require(plans)[1], #require(plans)[2])
                    #expect(texts.contains("Bitmap Index Scan on subject_texts_form") && texts.scans.count == 2, "\(texts)")
                    #expect(ids.contains("Bitmap Index Scan on run_marks_2023_11_indexed_id_idx"), "\(ids)")
                    #expect(ids.contains("Index Scan using run_subjects_pkey"), "\(ids)")
                    #expect(counts.contains("_pkey"), "\(counts)")
                    for plan in [texts, ids, counts] {
                        #expect(!plan.contains("Seq Scan") && !plan.contains("->  Sort"), "\(plan)")
                    }
                }
            }
        }
    }

    @Test func aSharedWalkReadsAStepOfEachSubjectOrState() async throws {
        let begin = MarkStretches.begin(of: StoreBench.start)
        let keys = Dictionary(uniqueKeysWithValues: (1...5).map { (MarkKey(subject: $0, state: .failed), [begin]) })
        let listed = ListedPlace(createdAt: StoreBench.start, id: RunID(rawValue: "wf-1"))
        let open = RunWalk.open([.scheduled, .started])
        let walks = RunWalks(filed: [.sharedMarks(keys), .listed([listed]), open, .unfiled])
        try await TestDatabase.with { database in
            try await database.session { connection in
                for direction in RunSort.Direction.allCases {
                    let search = StoreSearch(RunFilter(), RunSelection(tenant: 1), walks, direction)
                    let statement = SearchStatement(search, reading: 256, returning: 101, RunColumns.list)
                    let plan = try connection.reusedPlan(statement.sql, statement.values)
                    #expect(plan.scans.allSatisfy { $0.contains("Index") || $0.contains("Function Scan") }, "\(plan)")
                    // The places of the shared walks, and the listed ones.
                    #expect(plan.lines.filter { $0.contains("->  Sort") }.count == 3, "\(plan)")
                    for index in ["run_marks_2023_11_pkey", "runs_2023_11_tenant_state_created_at_id_idx1", "unfiled_runs_pkey"] {
                        #expect(plan.contains("using \(index) "), "\(plan)")
                    }
                }
            }
        }
    }

    /// Each subject is looked for in every month of a statement.
    @Test func aSharedWalkHasTheSubjectsOfItsTimeAlone() {
        let begin = MarkStretches.begin(of: StoreBench.start)
        let walk = RunWalk.sharedMarks([
            MarkKey(subject: 1, state: .failed): [begin], MarkKey(subject: 2, state: .failed): [begin - MarkStretches.width],
            MarkKey(subject: 3, state: .failed): [begin, begin - MarkStretches.width],
        ])
        func subjects(_ from: Int64, _ to: Int64) -> String? {
            let window = TimeWindow(from: Timestamp(milliseconds: from), to: Timestamp(milliseconds: to))
            var texts: [String] = []
            _ = walk.places(WalkRange(of: RunFilter(created: window), by: RunSort(by: .created))) { value in
                texts.append("\(value)")
                return "$\(texts.count)"
            }
            return texts.first
        }
        func column(_ subjects: [Int]) -> String { "\(Column(subjects))" }
        #expect(subjects(begin, begin + 1) == column([1, 3]) && subjects(begin - 1, begin) == column([2, 3]))
        #expect(subjects(begin - 1, begin + 1) == column([1, 2, 3]) && subjects(begin + MarkStretches.width, .max) == column([]))
    }

    /// Otherwise a total would count runs without the word.
    @Test func aWrittenWordIsFoundWhereTheWordIs() throws {
        let texts = [
            "a b", "a.b", "ab", "xa%b_", "Größe", "gro\u{308}sse", "日本語", "語日本", "\u{1F680}\u{1F681}x", "a\u{0}b", "K0 L1",
        ]
        var occurrences = 0
        for text in texts {
            let form = TrigramText.form(of: RunText(name: text), in: 17)
            for other in texts where other.count > 1 {
                for word in [other, String(other.dropFirst()), String(other.dropLast())] {
                    guard let word = SearchWord(word), let indexed = word.indexed else { continue }
                    let pattern = TrigramText.pattern(ofTextsWith: indexed, in: 17).split(separator: "%")
                    #expect(pattern.count == 2 && pattern[0] == "17 ")
                    #expect(form.contains(pattern[1]) == word.occurs(in: text), "\(word.text) in \(text)")
                    if word.occurs(in: text) { occurrences += 1 }
                }
            }
        }
        #expect(occurrences > 10)
    }
}

extension PostgresStore {
    fileprivate func found(_ word: String) async throws -> FoundWord? {
        let word = try #require(SearchWord(word))
        return try await read { database in
            try database.found(word, in: try #require(try database.number(of: StoreBench.acme)))
        }
    }

    fileprivate func walks(_ word: String) async throws -> [RunWalk] {
        let filter = try RunFilter.reading([.text: word])
        return try await read { database in
            let tenant = try #require(try database.number(of: StoreBench.acme))
            return try database.walks(of: filter, by: .created, RunSelection(tenant: tenant)).walks
        }
    }

    fileprivate func looksUp(_ word: String) async throws -> Bool {
        try await walks(word) != [.runs(type: nil, state: nil)]
    }
}
