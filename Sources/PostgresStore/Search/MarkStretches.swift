import WorkflowModel

/// The number of marks that walks have, by stretches of time of their runs' creation.
///
/// A page reads the part of time first that has enough marks to fill it: a server prepares each month that a statement may need,
/// which takes longer than reading the page.
struct MarkStretches: Hashable {
    static let width: Int64 = 30 * 86_400_000

    /// The first millisecond of a time's stretch, in SQL. The remainder of a negative time is negative.
    static func begin(of time: String) -> String { "\(time) - (\(time) % \(width) + \(width)) % \(width)" }

    static func begin(of instant: Timestamp) -> Int64 {
        let time = instant.milliseconds
        return time - (time % width + width) % width
    }

    /// By the first millisecond of the stretch.
    private var runs: [Int64: Int64] = [:]

    mutating func add(_ runs: Int64, at begin: Int64) {
        self.runs[begin, default: 0] += runs
    }

    /// The parts of a filter's time in which a list looks for its runs, one after the other.
    /// - Parameters:
    ///   - range: what is left of the list.
    ///   - count: the runs of the page.
    func parts(of filter: RunFilter, _ range: WalkRange, filling count: Int) -> [RunFilter] {
        guard let bound = bound(range, filling: count).map({ Timestamp(milliseconds: $0) }) else { return [filter] }
        var (earlier, later) = (filter, filter)
        earlier.created = TimeWindow(from: filter.created?.from, to: bound)
        later.created = TimeWindow(from: bound, to: filter.created?.to)
        return range.direction == .descending ? [later, earlier] : [earlier, later]
    }

    /// The end of the stretches with so many marks, in the direction of the list; nil when it is not within the range.
    private func bound(_ range: WalkRange, filling count: Int) -> Int64? {
        var left = Int64(count)
        let begins = runs.keys.sorted()
        // Of a stretch that the range cuts, some marks may be outside.
        switch range.direction {
        case .descending:
            for begin in begins.reversed() where begin + Self.width <= range.to {
                left -= runs[begin] ?? 0
                if left <= 0 { return begin > range.from ? begin : nil }
            }
        case .ascending:
            for begin in begins where begin >= range.from {
                left -= runs[begin] ?? 0
                if left <= 0 { return begin + Self.width < range.to ? begin + Self.width : nil }
            }
        }
        return nil
    }
}
