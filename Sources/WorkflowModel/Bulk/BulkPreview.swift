/// The runs that a bulk operation would act on, counted.
public struct BulkPreview: Hashable, Sendable {
    public var total: Int
    /// The states of the runs, those with most runs first.
    public var states: [RunFacets.Value]
    /// The workflows with most runs, most first.
    public var workflows: [RunFacets.Value]
    /// Whether all runs were counted by their workflows; otherwise only the newest ones.
    public var hasAllWorkflows: Bool
    /// Some of the runs, in the order in which the operation comes to them.
    public var samples: [WorkflowRun]

    public init(
        total: Int, states: [RunFacets.Value], workflows: [RunFacets.Value], hasAllWorkflows: Bool = true, samples: [WorkflowRun]
    ) {
        self.total = total
        self.states = states
        self.workflows = workflows
        self.hasAllWorkflows = hasAllWorkflows
        self.samples = samples
    }
}

/// A checked request for a bulk operation.
public struct BulkOrder: Hashable, Sendable {
    public var action: BulkAction
    public var selection: BulkSelection
    /// Within ``BulkLimits/rates``.
    public var perSecond: Int
    /// The number of runs that the client has seen; another one is a conflict. nil for any.
    public var expected: Int?

    public init(_ action: BulkAction, _ selection: BulkSelection, perSecond: Int = BulkLimits.usualRate, expected: Int? = nil) {
        self.action = action
        self.selection = selection
        self.perSecond = perSecond
        self.expected = expected
    }
}
