import WorkflowModel

/// What `weir retention` keeps to.
enum RetentionLimits {
    /// The youngest history that can be deleted: as long as an idempotency key counts, its run has to be there to answer with.
    static let leastAge = IdempotencyKey.validity
    /// A hundred years.
    static let greatestAge = Duration.seconds(36_500 * 86_400)
    /// How long it rests between two steps at most.
    static let longestRest = Duration.seconds(1)
}
