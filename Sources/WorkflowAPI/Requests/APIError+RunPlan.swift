public import WorkflowModel

extension APIError {
    /// Says why a run cannot be started.
    public init(_ problem: RunPlanError) {
        self = .invalid(problem.message)
    }
}
