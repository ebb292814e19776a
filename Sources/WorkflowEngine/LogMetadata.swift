import Logging
import WorkflowModel

extension Lease {
    var logMetadata: Logger.Metadata {
        ["tenant": "\(tenant)", "run": "\(run)", "task": "\(task)", "attempt": "\(attempt)"]
    }
}

extension RunError {
    /// Without its data, which belongs to the task and may contain anything.
    var logMetadata: Logger.Metadata {
        ["error": "\(type)", "attribution": "\(attribution?.rawValue ?? "unknown")", "message": "\(message)"]
    }
}
