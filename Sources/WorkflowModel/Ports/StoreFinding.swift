/// Something in a store that does not agree with what it follows from.
public struct StoreFinding: Hashable, Sendable {
    public enum Subject: String, CaseIterable, Sendable {
        /// Pages, indexes and the rules of the tables.
        case storage
        /// Rows that name others, which have to be there.
        case references
        /// The numbers of runs that are kept.
        case counts
        /// Whether a run has ended, which follows from its tasks.
        case runs
        /// Whether a task can be claimed, which follows from what it needs.
        case tasks
        /// What of a task's output is kept.
        case output
        /// Whether the ticks of schedules that wait will be looked at again.
        case schedules
    }

    public enum Remedy: String, Sendable {
        /// It was wrong, and is right now.
        case repaired
        /// A repair will put it right.
        case repairable
        /// It follows from nothing that is there: only a backup has it.
        case lasting
    }

    public var subject: Subject
    /// In how many places.
    public var places: Int
    /// A sentence, safe to show to whoever operates the service.
    public var message: String
    public var remedy: Remedy

    public init(_ subject: Subject, places: Int, _ message: String, remedy: Remedy) {
        self.subject = subject
        self.places = places
        self.message = message
        self.remedy = remedy
    }
}
