import HTTPTypes
import WorkflowModel

/// Pauses of workflows.
public enum PauseEndpoints {
    public static let all = [pause, resume]

    public static let pause = Endpoint(
        "pauseConfiguration", .post, "/api/workflow/configs/{id}/pause", .policy(.operator), tag: .configurations,
        summary: "Pauses the schedules and triggers of a workflow.",
        details: """
            Ticks before until are recorded as skipped, with the reason, and so are ticks that wait for an earlier run. Events of \
            triggers are recorded as paused, with the reason, and start nothing. Without until, the pause lasts until resumeConfiguration. Pausing a paused workflow replaces the reason, its author and the end. Runs under \
            way continue; runs can be started by hand and backfilled. A new version keeps the pause, and deletion ends it.
            """,
        parameters: [ConfigurationEndpoints.id],
        body: .json("PauseRequest", upTo: Limits.pauseBody),
        responses: [.json("The configuration with its pause.", "Configuration")])

    public static let resume = Endpoint(
        "resumeConfiguration", .post, "/api/workflow/configs/{id}/resume", .policy(.operator), tag: .configurations,
        summary: "Ends the pause of a workflow.",
        details: """
            Needs no body. Changes nothing for a workflow that is not paused. Ticks that were skipped stay skipped; a backfill starts their \
            runs. Events of triggers stay paused.
            """,
        parameters: [ConfigurationEndpoints.id],
        body: .ignored(upTo: Limits.pauseBody),
        responses: [.json("The configuration without a pause.", "Configuration")])
}
