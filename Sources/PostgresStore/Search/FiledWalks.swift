import StoreCore
import WorkflowModel

/// The limits of walks that need marks.
enum FiledWalkLimits {
    /// Runs in a window of runtimes that a list by creation sorts, at most. Reading and sorting so many takes some milliseconds.
    static let runtimes = 2_000
    /// Marks that are counted one by one for a window on ends, at most: some ten milliseconds.
    static let marks: Int64 = 20_000
}

enum FiledWalkStatement {
    /// The filed runs of subjects by state and stretch of time, from the days of their creation.
    static let counts = """
        SELECT c.dimension, c.value, s.number, d.state, \(MarkStretches.begin(of: "d.day")), sum(d.runs)::bigint
        FROM unnest($1, $2, $3) AS c (tenant, dimension, value)
        JOIN run_subjects AS s ON \(SubjectStatement.matches)
        JOIN subject_days AS d ON d.subject = s.number
        WHERE d.state = ANY ($4) AND d.day >= $5 AND d.day < $6
        GROUP BY 1, 2, 3, 4, 5 HAVING sum(d.runs) > 0
        """
    static let moreRuntimes = """
        SELECT 1 FROM runs \(RunWalk.inRuntimes("$1", "$2", "$3")) LIMIT 1 OFFSET \(FiledWalkLimits.runtimes)
        """
}

/// The filed runs of a subject in a state of a filter, which were created in a stretch of time.
private struct SubjectCount {
    var subject: RunSubject
    var walk: RunWalk
    var begin: Int64
    var runs: Int64
}

/// The filed runs of some subjects in the states of a filter.
struct FiledRuns {
    /// Each once.
    var walks: [RunWalk] = []
    private(set) var stretches = MarkStretches()
    private(set) var count: Int64 = 0

    /// - Parameter begin: that of a stretch of time.
    mutating func add(_ runs: Int64, at begin: Int64) {
        stretches.add(runs, at: begin)
        count += runs
    }
}

extension PostgresConnection {
    /// The walks of a list. By creation, those of filed runs where they are fewer than those of an index.
    func walks(of filter: RunFilter, by key: RunSortKey, _ selection: RunSelection) throws -> RunWalks {
        if key == .created, let filed = try filedWalks(of: filter, selection) { return filed }
        return RunWalks(filter, by: key, selection)
    }

    /// The filed runs under the subjects of a filter, those with its words, or those in its window on runtimes, and all that may match
    /// beside them; nil where an index leaves less to check.
    func filedWalks(of filter: RunFilter, _ selection: RunSelection) throws -> RunWalks? {
        guard filter.rerunOf == nil else { return nil }
        var best = try fewestMarks(of: filter, selection)
        if best.map({ $0.count > FiledWalkLimits.runtimes }) ?? true {
            if let few = try fewRuntimes(of: filter, selection) { return RunWalks(filed: [few]) }
            let others = try best?.count ?? runsOfTypes(filter, selection) ?? .max
            if let found = try runsWithWords(of: filter, selection, fewerThan: others) { best = found }
        }
        guard let best else { return nil }
        return RunWalks(filed: best.walks + besideFiled(filter), best.stretches)
    }

    /// The runs that are not filed: those that go on, and those that have just ended or been imported.
    func besideFiled(_ filter: RunFilter) -> [RunWalk] {
        let open = filter.possibleStates.filter { !$0.hasEnded }
        return open.isEmpty ? [.unfiled] : [.open(open), .unfiled]
    }

    /// The set of subjects of a filter that fewest filed runs have; nil without one, and where an index by type leaves fewer runs.
    private func fewestMarks(of filter: RunFilter, _ selection: RunSelection) throws -> FiledRuns? {
        let sets = filter.subjectSets
        guard !sets.isEmpty, try !hasOlderRuns() else { return nil }
        let counts = Dictionary(grouping: try subjectCounts(of: Set(sets.flatMap(\.all)), filter, selection), by: \.subject)
        let most = RunWalks.mostWithMarks - besideFiled(filter).count
        let possible = sets.map { set in
            var runs = FiledRuns()
            for count in set.all.flatMap({ counts[$0] ?? [] }) {
                if !runs.walks.contains(count.walk) { runs.walks.append(count.walk) }
                runs.add(count.runs, at: count.begin)
            }
            return runs
        }
        guard let best = possible.filter({ $0.walks.count <= most }).min(by: { $0.count < $1.count }) else { return nil }
        return try best.count <= runsOfTypes(filter, selection) ?? .max ? best : nil
    }

    /// The runs that the indexes by type leave; nil for a filter without types.
    private func runsOfTypes(_ filter: RunFilter, _ selection: RunSelection) throws -> Int64? {
        guard case .of = selection.types else { return nil }
        let ofTypes = RunFilter(created: filter.created, states: filter.states, types: filter.types)
        return Int64(try keptTotal(of: ofTypes, selection))
    }

    /// The filed runs of some subjects.
    func walks(of subjects: [RunSubject], _ filter: RunFilter, _ selection: RunSelection) throws -> [RunWalk] {
        guard !subjects.isEmpty else { return [] }
        return Array(Set(try subjectCounts(of: Set(subjects), filter, selection).map(\.walk)))
    }

    private func subjectCounts(
        of subjects: Set<RunSubject>, _ filter: RunFilter, _ selection: RunSelection
    ) throws -> [SubjectCount] {
        let list = Array(subjects)
        let (from, to) = filter.window(of: .created)
        return try rows(
            FiledWalkStatement.counts, Column(list.map { _ in selection.tenant }), Column(list.map(\.dimension.rawValue)),
            Column(list.map(\.value.text)), Column(filter.possibleStates),
            from.map { CountStep.day.start(of: Timestamp(milliseconds: $0)).milliseconds } ?? .min, to ?? .max
        ) { columns in
            let (number, value) = (try columns.next(Int.self), try columns.next(String.self))
            guard let dimension = RunDimension(rawValue: number) else { throw StoreError.unreadable("the dimension \(number)") }
            return SubjectCount(
                subject: RunSubject(dimension, value), walk: .marks(subject: try columns.next(), try columns.next()),
                begin: try columns.next(), runs: try columns.next())
        }
    }

    /// The walk of a filter's window on runtimes; nil without one, and where many runs are in it.
    func fewRuntimes(of filter: RunFilter, _ selection: RunSelection) throws -> RunWalk? {
        guard filter.runtime != nil else { return nil }
        let window = filter.window(of: .runtime)
        let (from, to) = (window.from ?? .min, window.to ?? .max)
        let more = try row(FiledWalkStatement.moreRuntimes, selection.tenant, from, to) { _ in true }
        return more == nil ? .runtimes(from: from, to: to) : nil
    }
}
