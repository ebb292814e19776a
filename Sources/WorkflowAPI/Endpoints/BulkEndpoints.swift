import HTTPTypes
public import WorkflowModel

/// Bulk operations, and the acts on single runs that they have in common with them.
public enum BulkEndpoints {
    public static let all = [create, list, show, receipts, abort, deleteRun, labelRun]

    static let id = PathParameter("id", "The id of a bulk operation.")
    public static let outcome = QueryParameter<BulkOutcome>.choice("outcome", "Only receipts with this outcome.")

    public static let create = Endpoint(
        "createBulkOperation", .post, "/api/workflow/bulk", .policy(.operator), tag: .runs,
        summary: "Stops, reruns, deletes or labels many runs, or previews that.",
        details: """
            The runs are named by ids, or selected by a filter with the fields of listRuns. Runs that are created after the request are \
            not included; a filter is evaluated when the operation comes to a run, from the newest to the oldest. With dry_run, nothing \
            is changed: the answer is a preview. 409 when expect is not the number of runs, and when \(BulkLimits.running) operations \
            of the tenant are running. An operation that was answered with 201 survives any crash, acts on each run once, and writes \
            a receipt for it. A run that has been rerun already is not rerun by another one. delete needs the policy admin.
            """,
        body: .json("BulkRequest", upTo: Limits.bulkBody),
        responses: [
            .json("The preview, when dry_run is true.", "BulkPreview"),
            .created("The operation as it was accepted.", "BulkOperation"),
        ],
        otherErrors: [.conflict])

    public static let list = Endpoint(
        "listBulkOperations", .get, "/api/workflow/bulk", .policy(.viewer), tag: .runs,
        summary: "Lists bulk operations, newest first.",
        details: "Without the ids of their runs.",
        parameters: [PageParameters.limit, PageParameters.nextToken],
        responses: [.json("A page of operations.", "BulkOperationList")])

    public static let show = Endpoint(
        "showBulkOperation", .get, "/api/workflow/bulk/{id}", .policy(.viewer), tag: .runs,
        summary: "Shows a bulk operation and its progress.",
        parameters: [id],
        responses: [.json("The operation.", "BulkOperation")])

    public static let receipts = Endpoint(
        "listBulkReceipts", .get, "/api/workflow/bulk/{id}/receipts", .policy(.viewer), tag: .runs,
        summary: "Lists what a bulk operation did with its runs.",
        details: "In the order in which it came to them.",
        parameters: [id, outcome, PageParameters.limit, PageParameters.nextToken],
        responses: [.json("A page of receipts.", "BulkReceiptList")])

    public static let abort = Endpoint(
        "abortBulkOperation", .post, "/api/workflow/bulk/{id}/abort", .policy(.operator), tag: .runs,
        summary: "Ends a bulk operation that is running.",
        details: """
            Once this is answered, the operation acts on no further run. Runs that it came to stay as they are. No effect on an operation \
            that has ended.
            """,
        parameters: [id],
        responses: [.json("The operation as it is now.", "BulkOperation")])

    public static let deleteRun = Endpoint(
        "deleteRun", .delete, "/api/workflow/runs/{id}", .policy(.admin), tag: .runs,
        summary: "Deletes a run that has ended.",
        details: """
            With its tasks, attempts, output, notes and alerts. Runs that rerun it keep its id. Statistics of deleted runs do not count \
            it. An idempotency key that started it stays used until it expires. 409 for a run that has not ended.
            """,
        parameters: [RunEndpoints.id],
        responses: [EndpointResponse(204, "The run is deleted.")],
        otherErrors: [.conflict])

    public static let labelRun = Endpoint(
        "labelRun", .patch, "/api/workflow/runs/{id}/labels", .policy(.operator), tag: .runs,
        summary: "Sets and removes labels of a run.",
        details: "In any state, also of imported history. Labels that are not named stay. 409 when the run would have too many.",
        parameters: [RunEndpoints.id],
        body: .json("LabelChange", upTo: Limits.labelBody),
        responses: [.json("The labels of the run as they are now.", "RunLabels")],
        otherErrors: [.conflict])
}
