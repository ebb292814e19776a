/// The work that one request for a list may cause in the store. When it is used up, the page ends where the search has come to, and
/// the next page continues there.
public struct SearchBudget: Hashable, Sendable {
    public static let standard = SearchBudget(time: .milliseconds(50))
    /// The times that a service may be set to.
    public static let times = Duration.milliseconds(10)...Duration.seconds(10)
    /// Runs that a search reads before it looks at the time again. So many are read even if no time is left: every page gets ahead.
    public static let step = 256

    /// Time in the store, of a page and of a total each. ``RunQuery/limitWork(to:)`` divides that of a request.
    public var time: Duration
    /// Runs to read at most; nil for no limit but the time. A multiple of ``step``.
    public var runs: Int?

    public init(time: Duration, runs: Int? = nil) {
        self.time = time
        self.runs = runs
    }
}
