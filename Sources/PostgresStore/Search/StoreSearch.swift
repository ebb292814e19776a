import StoreCore
import WorkflowModel

/// A search for runs: the walks that it reads, how far it has come, and what it checks for each run.
struct StoreSearch {
    let filter: RunFilter
    let selection: RunSelection
    let walks: [RunWalk]
    private(set) var range: WalkRange

    /// - Parameters:
    ///   - filter: that of the walks.
    ///   - cursor: where the search continues; nil for the beginning of the walks.
    init(
        _ filter: RunFilter, _ selection: RunSelection, _ walks: RunWalks, _ direction: RunSort.Direction,
        after cursor: RunCursor? = nil
    ) {
        self.filter = filter
        self.selection = selection
        self.walks = walks.walks
        range = WalkRange(of: filter, by: RunSort(by: walks.key, direction), after: cursor)
    }

    /// Whether the runs are read after the places of the walks are merged.
    var readsPlaces: Bool { walks.contains(where: \.hasPlacesOnly) }

    /// Whether Swift has to check the words of the runs that a statement finds.
    var checksWords: Bool { !filter.words.isEmpty }

    mutating func advance(to place: SearchPlace) {
        range.advance(to: RunCursor(key: range.key, value: place.value, id: place.id))
    }
}

/// The place of the last run that a statement has read.
struct SearchPlace {
    /// Runs that were read up to here, itself included.
    var runs: Int
    var value: Int64
    var id: RunID
}

/// The statement for a step of a search. It reads a number of runs from the merged walks, checks each, and tells where it ended.
struct SearchStatement {
    private(set) var sql = ""
    private(set) var values: [any SQLValue] = []

    /// The runs that match, and the last run that was read. It reads no further than the last that it returns.
    ///
    /// Columns before those that are given: how many runs were read up to this one, its value and id, whether it matches.
    init(_ search: StoreSearch, reading runs: Int, returning most: Int, _ columns: String) {
        let walks = numbered(search, reading: runs, columns)
        sql = "SELECT * FROM (\(walks)) AS c WHERE matches OR place = $1 LIMIT \(bind(most))"
    }

    /// The number of matching runs for each combination of expressions.
    ///
    /// The first column is the number. Where the last run is read, another row has its place, value and id in the first columns.
    init(_ search: StoreSearch, reading runs: Int, by expressions: [String]) {
        let names = expressions.indices.map { "g\($0)" }
        let columns = zip(expressions, names).map { "\($0) AS \($1)" }
        let walks = numbered(search, reading: runs, columns.joined(separator: ", "))
        sql = """
            WITH c AS MATERIALIZED (\(walks))
            SELECT \((["count(*)", "NULL::bigint", "NULL::text"] + names).joined(separator: ", ")) FROM c
            WHERE matches GROUP BY \(names.isEmpty ? "()" : names.joined(separator: ", "))
            UNION ALL
            SELECT \((["place", "value", "run"] + names.map { _ in "NULL" }).joined(separator: ", ")) FROM c WHERE place = $1
            """
    }

    private mutating func bind(_ value: any SQLValue) -> String {
        values.append(value)
        return "$\(values.count)"
    }

    /// The runs of a step, in the order of the walks, with their numbers.
    private mutating func numbered(_ search: StoreSearch, reading runs: Int, _ columns: String) -> String {
        // In every walk, the number of runs is $1, the tenant $2, the range $3 to $6, and the months $7 and $8.
        values = [runs, search.selection.tenant] + search.range.values + Self.months(of: search.filter)
        let check = RunCheck(search.filter, search.selection, first: values.count + 1)
        values += check.values
        return search.readsPlaces ? runsAtPlaces(of: search, check, columns) : mergedRuns(of: search, check, columns)
    }

    /// Merges the places of the walks, and reads the runs at these places. The run of a place may have been deleted.
    private mutating func runsAtPlaces(of search: StoreSearch, _ check: RunCheck, _ columns: String) -> String {
        let range = search.range
        var walks: [String] = []
        for walk in search.walks { walks.append(walk.places(range) { bind($0) }) }
        let merged = Self.merged(walks, range)
        let selected = ["\(check.sql) AS matches", columns].filter { !$0.isEmpty }.joined(separator: ", ")
        return """
            SELECT row_number() OVER () AS place, w.value, w.run, r.*
            FROM (\(merged)) AS w
            LEFT JOIN LATERAL (
                SELECT \(selected) FROM runs
                WHERE tenant = $2 AND created_at = w.value AND id = w.run AND created_at >= $7 AND created_at < $8 LIMIT 1
            ) AS r ON TRUE
            """
    }

    private mutating func mergedRuns(of search: StoreSearch, _ check: RunCheck, _ columns: String) -> String {
        let range = search.range
        let ended = range.key == .created ? "" : " AND ended_at IS NOT NULL"
        let columns = (["\(range.key.sql) AS value", "id AS run", "\(check.sql) AS matches"] + [columns])
            .filter { !$0.isEmpty }.joined(separator: ", ")
        var walks: [String] = []
        for walk in search.walks {
            let conditions = walk.conditions { bind($0) }
            walks.append(
                """
                SELECT \(columns) FROM runs
                WHERE tenant = $2\(conditions)\(ended) AND \(range.conditions(first: 3)) AND created_at >= $7 AND created_at < $8
                \(range.order()) LIMIT $1
                """)
        }
        return "SELECT row_number() OVER () AS place, w.* FROM (\(Self.merged(walks, range))) AS w"
    }

    private static func merged(_ walks: [String], _ range: WalkRange) -> String {
        walks.count == 1
            ? walks[0]
            : walks.map { "(\($0))" }.joined(separator: " UNION ALL ") + " \(range.order(by: "value", id: "run")) LIMIT $1"
    }

    /// The months in which the runs were created, by which partitions are pruned. Runs before and after a window within its months
    /// are checked like all others: a statement that passed over them would read without an end.
    private static func months(of filter: RunFilter) -> [any SQLValue] {
        let window = filter.created
        return [
            window?.from.map { PartitionMonth(of: $0).begin.milliseconds } ?? Int64.min,
            window?.to.map { PartitionMonth(of: $0).end.milliseconds } ?? Int64.max,
        ]
    }
}
