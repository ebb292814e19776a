/// Why a task was skipped.
public enum SkipReason: String, CaseIterable, Sendable {
    /// Its stage is not part of the run mode.
    case runMode = "run_mode"
    /// A task that it needs failed, or was skipped for this reason.
    case failedNeed = "failed_need"

    /// Derives the reason from the stored needs: a plan stores none for tasks that the run mode skips.
    /// - Returns: nil for a task that was not skipped.
    public init?(_ state: TaskState, hasNeeds: Bool) {
        guard state == .skipped else { return nil }
        self = hasNeeds ? .failedNeed : .runMode
    }
}
