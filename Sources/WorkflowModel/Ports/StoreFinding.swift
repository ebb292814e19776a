/// A difference between derived data in a store and the data that it is derived from.
public struct StoreFinding: Hashable, Sendable {
    public enum Subject: String, CaseIterable, Sendable {
        /// Database pages, indexes and constraints.
        case storage
        /// References to rows that must exist.
        case references
        /// Kept counts of runs.
        case counts
        /// Whether a run has ended, derived from its tasks.
        case runs
        /// Whether a task can be claimed, derived from its needs.
        case tasks
        /// The kept part of a task's output.
        case output
        /// Whether schedules with waiting ticks will become due.
        case schedules
        /// Index entries and counts of ended runs that are written after their end.
        case filing
        /// Whether the encrypted secrets can be decrypted.
        case secrets
        /// The chain of the audit log's hashes.
        case audit
    }

    public enum Remedy: String, Sendable {
        /// Was wrong and has been repaired.
        case repaired
        /// A repair will fix it.
        case repairable
        /// Cannot be derived from other data: only a backup has it.
        case lasting
    }

    public var subject: Subject
    /// How many rows or places are affected.
    public var places: Int
    /// A sentence, safe to show to the operator of the service.
    public var message: String
    public var remedy: Remedy

    public init(_ subject: Subject, places: Int, _ message: String, remedy: Remedy) {
        self.subject = subject
        self.places = places
        self.message = message
        self.remedy = remedy
    }
}
