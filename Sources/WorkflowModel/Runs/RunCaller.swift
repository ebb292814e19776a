/// The task that started a run and waits for it.
public struct RunCaller: Hashable, Sendable {
    public var run: RunID
    public var task: TaskID

    public init(run: RunID, task: TaskID) {
        self.run = run
        self.task = task
    }
}
