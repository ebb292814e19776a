public import WorkflowModel

extension APIError {
    /// Says why a run cannot be started.
    public init(_ problem: RunPlanError) {
        switch problem {
        case .nothingToRun(let problem):
            let usable = problem.usable.map(\.rawValue).joined(separator: ", ")
            self = .invalid("The configuration has no task in the run_mode \(problem.runMode.rawValue). It has tasks in \(usable).")
        case .parameters(let refusal): self = .invalid(refusal.message)
        case .tooManyLabels(let count):
            self = .invalid(
                "The run would have \(count) labels, those of its configuration included; a run has at most \(RunLabels.most).")
        }
    }
}
