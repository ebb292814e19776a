import Testing
public import WorkflowModel

/// Asks a store random questions, and compares every page with a filter in memory, while runs are added, change and are deleted.
///
/// A store that files runs does so now and then, so that questions are asked before anything is filed, when a part is, and when all
/// but the latest runs are.
///
/// All of it follows from the seed. The first page that differs is reported with its seed and the smallest question that still shows
/// the difference.
public struct ListOracle {
    /// The size of a check.
    public struct Size: Sendable {
        public var runs = 20_000
        public var questions = 2_000
        /// One of so many questions is walked to its end; of the others, a stretch of a few pages.
        public var wholeWalks = 100
        /// One of so many questions has a total and facets, for which all runs are read in memory.
        public var counts = 80

        public init() {}
    }

    static let tenant = StoreBench.acme
    /// Two months, so that a store with a partition per month has several.
    static let spread = RunHistory.Spread(span: 60 * 86_400_000, longest: 3 * 86_400_000)

    let seed: UInt64
    let size: Size
    let bench: StoreBench
    var runs = RunsInMemory()
    var changes: OracleChanges
    /// Questions before this one.
    private var asked = 0
    public private(set) var pages = 0
    /// Pages that ended early.
    public private(set) var shortPages = 0
    /// Runs on all pages.
    public private(set) var shownRuns = 0

    public init(_ store: any WorkflowStore, seed: UInt64, size: Size = Size()) {
        self.seed = seed
        self.size = size
        bench = StoreBench(store, seed: seed)
        changes = OracleChanges()
    }

    private var random: SeededRandom { bench.random }

    /// Records an issue for the first difference.
    public mutating func check() async throws {
        try await addHistory()
        for number in 0..<size.questions {
            let isWhole = number % size.wholeWalks == 0
            asked = number
            try await fileRuns()
            if let problem = try await walk(question(isWhole: isWhole), toItsEnd: isWhole) {
                Issue.record("seed \(seed), question \(number): \(problem)")
                return
            }
            guard number % size.counts == 0, let problem = try await problemWithFacets() else { continue }
            Issue.record("seed \(seed), facets of question \(number): \(problem)")
            return
        }
    }

    private mutating func addHistory() async throws {
        var history = VariedHistory(size.runs, of: Self.tenant, over: Self.spread, random: random)
        for index in history.runs.indices where random.chance(0.2) {
            // Many runs of one instant, and many of one runtime.
            let (created, lasted) = (CountStep.day.start(of: history.runs[index].createdAt), history.runs[index].runtime)
            history.runs[index].createdAt = created
            history.runs[index].endedAt = lasted.map { created + .seconds($0.components.seconds % 8) }
        }
        try await bench.importAll(history.runs)
        runs = RunsInMemory(history.runs)
        try await changes.begin(with: history.runs, bench)
    }

    /// Nothing in the first quarter of the questions, then step by step, and in the second half now and then all of them.
    private func fileRuns() async throws {
        guard let filing = bench.store as? any RunFiling, asked >= size.questions / 4, random.chance(0.1) else { return }
        let goesOn = asked >= size.questions / 2
        while try await filing.fileRunsAtRest(), goesOn {}
    }

    private func question(isWhole: Bool) throws -> RunQuery {
        let filter = try VariedHistory.filter(over: Self.spread, random)
        let sort = RunSort(by: random.pick(RunSortKey.allCases), random.pick(RunSort.Direction.allCases))
        var query = RunQuery(tenant: Self.tenant, filter: filter, sort: random.chance(0.4) ? nil : sort)
        query.limit = isWhole ? 200 : random.pick([1, 2, 5, 12, 12, 40])
        query.budget = random.pick([
            SearchBudget(time: .zero), SearchBudget(time: .seconds(600), runs: SearchBudget.step * (isWhole ? 8 : 1)),
        ])
        query.withTotal = random.chance(1 / Double(size.counts))
        guard !isWhole, random.chance(0.6) else { return query }
        // From the place of any run, matching or not, forwards or backwards.
        let place = runs.place(random.number(in: 0...size.runs), by: query.sort.key)
        if random.chance(0.5) { query.after = place } else { query.before = place }
        return query
    }

    /// Compares the pages of a walk, with changes between them.
    private mutating func walk(_ first: RunQuery, toItsEnd isWhole: Bool) async throws -> String? {
        var query = first
        let expected = isWhole ? runs.list(query.filter, query.sort).map(\.id) : []
        var shown: Set<RunID> = []
        let most = isWhole ? size.runs : random.number(in: 1...3)
        for _ in 0..<most {
            let page = try await bench.store.runs(matching: query)
            pages += 1
            shortPages += page.endedEarly ? 1 : 0
            shownRuns += page.runs.count
            if let problem = problem(with: page, for: query) {
                return "after \(changes.count) changes, \(problem)\n\(query.text)\n\(try await smallest(query))"
            }
            for run in page.runs where !shown.insert(run.id).inserted { return "\(run.id) is shown twice: \(first.text)" }
            query.withTotal = false
            if query.before == nil { query.after = page.next } else { query.before = page.previous }
            guard query.after != nil || query.before != nil else { break }
            if random.chance(0.4) { try await changes.makeOne(in: &runs, bench) }
            try await fileRuns()
        }
        let missing = expected.first { id in !shown.contains(id) && runs[id].map(first.filter.matches) ?? false }
        return missing.map { "\($0) is never shown, though it matched all the time: \(first.text)" }
    }

    func problem(with page: RunPage, for query: RunQuery) -> String? {
        runs.problem(with: page, for: query) ?? runs.problem(with: page.total, for: query)
    }

    private func problemWithFacets() async throws -> String? {
        let facets = Set(RunFacet.allCases.filter { _ in random.chance(0.5) })
        var query = FacetQuery(
            tenant: Self.tenant, filter: try VariedHistory.filter(over: Self.spread, random), facets: facets,
            limit: random.pick([1, 5, 100]))
        query.budget = SearchBudget(time: .seconds(600), runs: SearchBudget.step * random.pick([1, 4]))
        let found = try await bench.store.facets(matching: query)
        return runs.problem(with: found, for: query).map { "\($0)\n\(query.filter.text)" }
    }
}
