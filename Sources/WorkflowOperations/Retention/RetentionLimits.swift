import WorkflowModel

/// The limits of `weir retention`.
package enum RetentionLimits {
    /// The youngest history that can be deleted. An idempotency key is valid this long, and its run has to exist for the answer.
    package static let leastAge = IdempotencyKey.validity
    /// A hundred years.
    package static let greatestAge = Duration.seconds(36_500 * 86_400)
    /// The age at which events of the audit log are deleted, unless the operator says another one.
    package static let auditAge = Duration.seconds(400 * 86_400)
    /// On a shared store, the pause after a step is this many times as long as the step.
    package static let pauseFactor = 3
    /// The longest pause between two steps.
    package static let longestPause = Duration.seconds(1)
}
