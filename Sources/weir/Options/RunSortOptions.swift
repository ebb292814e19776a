import ArgumentParser
import WorkflowModel

/// The order of a list of runs.
struct RunSortOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "created, ended or runtime. Runs that have not ended are left out of the last two. (default: created, or ended with a "
                + "window on ends only)", valueName: "key"),
        completion: .list(RunSortKey.allCases.map(\.rawValue)), transform: Reading.sortKey)
    var sort: RunSortKey?

    @Option(
        help: ArgumentHelp("desc or asc. (default: desc)", valueName: "direction"),
        completion: .list(RunSort.Direction.allCases.map(\.rawValue)), transform: Reading.direction)
    var order: RunSort.Direction?

    /// The order of the options, else that of the search.
    /// - Returns: nil for the filter's own order.
    func sort(of question: RunQuestion) -> RunSort? {
        guard sort != nil || order != nil else { return question.sort }
        let key = sort ?? question.sort?.key ?? question.filter.sortKey
        return RunSort(by: key, order ?? (sort == nil ? question.sort?.direction : nil) ?? .descending)
    }
}
