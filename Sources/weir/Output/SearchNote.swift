import WorkflowAPI
import WorkflowModel

/// How far a search has come whose page ended early, and how to go on.
enum SearchNote {
    /// - Parameters:
    ///   - place: nil for a full page.
    ///   - search: the search with fixed times. A token belongs to them, and `-7d` is another time at the next call.
    static func sentence(_ place: SearchPlace?, sort: RunSort, search: String, nextToken: String) -> String {
        let words = ["weir", "runs"] + (search.isEmpty ? [] : [quoted(search)]) + ["--next-token", nextToken]
        let next = words.joined(separator: " ")
        guard let place else { return "More runs exist. Use --all, or: \(next)" }
        return "Searched \(reach(place, sort)). More runs may match. Use --all to search on, or: \(next)"
    }

    /// One word for a shell.
    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "'\\''") + "'"
    }

    /// The line that shows the progress of a search to the end.
    static func progress(_ place: SearchPlace, sort: RunSort, found: Int) -> String {
        "searched \(reach(place, sort)), \(HumanText.count(found)) \(found == 1 ? "run" : "runs") found"
    }

    /// `back to 3 Oct 2025 14:02 UTC`
    private static func reach(_ place: SearchPlace, _ sort: RunSort) -> String {
        let isDescending = sort.direction == .descending
        switch place {
        case .time(let instant):
            let end = sort.key == .ended ? "runs that ended at " : ""
            return "\(isDescending ? "back" : "up") to \(end)\(HumanText.minute(instant))"
        case .runtime(let duration):
            return "\(isDescending ? "down" : "up") to runs of \(HumanText.duration(duration))"
        }
    }
}
