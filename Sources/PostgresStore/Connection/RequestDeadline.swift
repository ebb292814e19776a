import WorkflowModel

/// The deadline of a request, on the monotonic clock.
struct RequestDeadline: Sendable {
    let instant: Duration
    let time: any TimeSource

    /// The deadline of the current request; nil outside of one.
    init?(ofThisRequestAt time: any TimeSource, standard: Duration) {
        guard let wait = StoreWait.ofThisRequest else { return nil }
        instant = wait.deadline(at: time.elapsed, standard: standard)
        self.time = time
    }

    /// The remaining time; negative after the deadline.
    var rest: Duration { instant - time.elapsed }

    var isOver: Bool { rest <= .zero }
}
