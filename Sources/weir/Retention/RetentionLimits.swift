import WorkflowModel

/// What `weir retention` keeps to.
enum RetentionLimits {
    /// The youngest history that can be deleted: as long as an idempotency key counts, its run has to be there to answer with.
    static let leastAge = IdempotencyKey.validity
    /// A hundred years.
    static let greatestAge = Duration.seconds(36_500 * 86_400)
    /// How often as long as a step took it rests before the next one, where others can work with the store.
    static let restsPerStep = 3
    /// How long it rests between two steps at most.
    static let longestRest = Duration.seconds(1)
}
