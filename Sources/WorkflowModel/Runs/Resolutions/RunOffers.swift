/// The resolutions that apply to the tasks of a run, and the decisions that were made.
public struct RunOffers: Hashable, Sendable {
    /// A task to which a resolution applies.
    public struct Task: Hashable, Sendable {
        public var task: TaskInstance
        public var offers: [ResolutionOffer]

        public init(_ task: TaskInstance, _ offers: [ResolutionOffer]) {
            self.task = task
            self.offers = offers
        }
    }

    public var run: RunID
    public var state: RunState
    /// In the order of the tasks.
    public var tasks: [Task]
    /// In the order in which they were made.
    public var resolutions: [RunResolution]

    public init(run: RunID, state: RunState, tasks: [Task], resolutions: [RunResolution]) {
        self.run = run
        self.state = state
        self.tasks = tasks
        self.resolutions = resolutions
    }

    /// - Parameter needs: the definition ids of each task's needs, in the order of the tasks.
    public init(_ details: WorkflowRunDetails, needs: [[String]]) {
        run = details.run.id
        state = details.run.state
        let guide = ResolutionGuide(details, needs: needs)
        tasks = details.tasks.compactMap { task in
            let offers = guide.offers(for: task)
            return offers.isEmpty ? nil : Task(task, offers)
        }
        resolutions = details.resolutions
    }
}
