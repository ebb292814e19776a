import Logging
import WorkflowModel

extension Lease {
    var logMetadata: Logger.Metadata {
        ["tenant": "\(tenant)", "run": "\(run)", "task": "\(task)", "attempt": "\(attempt)"]
    }
}

extension RunError {
    /// Not its data: that is the task's own and may be anything.
    var logMetadata: Logger.Metadata {
        ["error": "\(type)", "attribution": "\(attribution.rawValue)", "message": "\(message)"]
    }
}
