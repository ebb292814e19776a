import HTTPTypes
import WorkflowModel

/// Decisions of persons about tasks that did not succeed.
public enum ResolutionEndpoints {
    public static let all = [list, resolve]

    static let task = PathParameter("task", "The id of a task instance of the run.")

    public static let list = Endpoint(
        "listResolutions", .get, "/api/workflow/runs/{id}/resolutions", .policy(.viewer), tag: .runs,
        summary: "Lists the resolutions that apply to the tasks of a run, and the decisions that were made.",
        details: """
            While the run goes on, a task that failed or waits for another attempt can be retried, skipped or marked as succeeded. \
            Once the run has ended, each decision starts a rerun that carries it.
            """,
        parameters: [RunEndpoints.id],
        responses: [.json("The resolutions that apply, and the decisions that were made.", "RunResolutions")])

    public static let resolve = Endpoint(
        "resolveTask", .post, "/api/workflow/runs/{id}/tasks/{task}/resolve", .policy(.operator), tag: .runs,
        summary: "Resolves a task that did not succeed.",
        details: """
            While the run goes on, retry, skip and succeed change the run: 200. Once it has ended, a rerun carries the decision: 201, \
            and the run stays as it is. 409 when the task is in a state in which the resolution has no meaning, such as after another \
            decision; when the run is stopping; and while another rerun of the run that carries a decision has not ended. With an \
            Idempotency-Key, a repeated request starts one rerun.
            """,
        parameters: [RunEndpoints.id, task, HeaderParameter.idempotencyKey],
        body: .json("ResolveRequest", upTo: Limits.resolveBody),
        responses: [
            .json("The run, which goes on.", "VerboseRun"), .created("The rerun that carries the decision.", "VerboseRun"),
        ],
        otherErrors: [.conflict, .keyMismatch])
}
