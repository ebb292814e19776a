import HTTPTypes
public import WorkflowModel

/// Tasks of a run: their wait reasons, attempts and output.
public enum TaskEndpoints {
    public static let all = [waitReasons, attempts, output]

    static let id = PathParameter("task_id", "The id of a task instance.")
    public static let outputFrom = QueryParameter.integer(
        "from", "The first byte to read, counted from the beginning of the attempt's output.", in: 0...Int.max, default: 0)
    public static let timestamps = QueryParameter.boolean(
        "timestamps", "Writes before each line the time at which it began, and a space; - where the time is not known.")
    public static let stream = QueryParameter<TaskStream>.choice(
        "stream", "Only what was printed to that stream. Output whose stream is not known belongs to both.")

    public static let waitReasons = Endpoint(
        "whyRun", .get, "/api/workflow/runs/{id}/why", .policy(.viewer), tag: .tasks,
        summary: "Says what a run and its tasks wait for.",
        details: """
            Of the tasks that have not ended: what each does or waits for, and since when; for a concurrency limit also its size and \
            the holders of its slots.
            """,
        parameters: [RunEndpoints.id],
        responses: [.json("The wait reasons.", "RunWaitReasons")])

    public static let attempts = Endpoint(
        "listAttempts", .get, "/api/workflow/runs/{id}/attempts", .policy(.viewer), tag: .tasks,
        summary: "Lists the attempts at a run's tasks, oldest first.",
        parameters: [RunEndpoints.id],
        responses: [.json("The attempts.", "AttemptList")])

    public static let output = Endpoint(
        "readOutput", .get, "/api/workflow/runs/{id}/tasks/{task_id}/output", .policy(.viewer), tag: .tasks,
        summary: "Reads a piece of a task's output.",
        details: """
            At most 256 KiB an answer. Where Weir-Output-From is greater than the parameter from, the bytes between are no longer kept. \
            With timestamps or stream, the text differs from what was printed; from and the headers still count the bytes that were \
            printed.
            """,
        parameters: [RunEndpoints.id, id, RunEndpoints.attempt, outputFrom, timestamps, stream],
        responses: [
            EndpointResponse(
                200, "The bytes that the task printed.", [MediaContent("text/plain", .text)],
                headers: [.outputAttempt, .outputFrom, .outputNext, .outputLast])
        ])
}
