import HTTPTypes
public import WorkflowModel

/// Alerts and their receivers.
public enum AlertEndpoints {
    public static let all = [
        list, resend, listReceivers, createReceiver, showReceiver, changeReceiver, dropReceiver, rotateReceiver, enableReceiver,
        testReceiver,
    ]

    static let id = PathParameter("id", "The id of an alert.")
    static let receiverName = PathParameter("name", "The name of a receiver.")
    public static let state = QueryParameter<Alert.State>.choice("state", "Only alerts in this state.")

    public static let list = Endpoint(
        "listAlerts", .get, "/api/workflow/alerts", .policy(.viewer), tag: .alerts,
        summary: "Lists alerts, newest first.",
        parameters: [state, PageParameters.limit, PageParameters.nextToken],
        responses: [.json("A page of alerts, and the rules of configurations that reach no receiver.", "AlertList")])

    public static let resend = Endpoint(
        "resendAlert", .post, "/api/workflow/alerts/{id}/resend", .policy(.operator), tag: .alerts,
        summary: "Sends an alert again, at once.",
        details: "409 when its receiver is disabled or gone.",
        parameters: [id],
        responses: [.json("The alert as it is now.", "Alert")],
        otherErrors: [.conflict])

    public static let listReceivers = Endpoint(
        "listAlertReceivers", .get, "/api/workflow/alerts/receivers", .policy(.admin), tag: .alerts,
        summary: "Lists the tenant's receivers of alerts, by name.",
        responses: [.json("The receivers, by name.", "AlertReceiverList")])

    public static let createReceiver = Endpoint(
        "createAlertReceiver", .post, "/api/workflow/alerts/receivers", .policy(.admin), tag: .alerts,
        summary: "Creates a receiver.",
        details: "Only this answer has the secret that signs its alerts.",
        body: order,
        responses: [.created("The receiver.", "AlertReceiver")],
        otherErrors: [.conflict])

    public static let showReceiver = Endpoint(
        "showAlertReceiver", .get, "/api/workflow/alerts/receivers/{name}", .policy(.admin), tag: .alerts,
        summary: "Shows a receiver.",
        parameters: [receiverName],
        responses: [receiver])

    public static let changeReceiver = Endpoint(
        "changeAlertReceiver", .put, "/api/workflow/alerts/receivers/{name}", .policy(.admin), tag: .alerts,
        summary: "Changes the address of a receiver and which alerts it gets.",
        details: "The secret stays.",
        parameters: [receiverName],
        body: order,
        responses: [receiver])

    public static let dropReceiver = Endpoint(
        "dropAlertReceiver", .delete, "/api/workflow/alerts/receivers/{name}", .policy(.admin), tag: .alerts,
        summary: "Drops a receiver.",
        details: "Its waiting alerts are given up.",
        parameters: [receiverName],
        responses: [EndpointResponse(204, "The receiver is dropped.")])

    public static let rotateReceiver = Endpoint(
        "rotateAlertReceiver", .post, "/api/workflow/alerts/receivers/{name}/rotate", .policy(.admin), tag: .alerts,
        summary: "Gives a receiver a new secret.",
        details: "Only this answer has the new secret. The previous secret goes on signing beside it for 24 hours.",
        parameters: [receiverName],
        responses: [receiver])

    public static let enableReceiver = Endpoint(
        "enableAlertReceiver", .post, "/api/workflow/alerts/receivers/{name}/enable", .policy(.admin), tag: .alerts,
        summary: "Enables a receiver that was disabled.",
        parameters: [receiverName],
        responses: [receiver])

    public static let testReceiver = Endpoint(
        "testAlertReceiver", .post, "/api/workflow/alerts/receivers/{name}/test", .policy(.admin), tag: .alerts,
        summary: "Sends a test message to a receiver, and waits for the outcome.",
        details: "One attempt of 20 seconds at most, also to a disabled receiver. It changes nothing.",
        parameters: [receiverName],
        responses: [.json("The outcome.", "AlertReceiverTest")])

    private static let order = RequestBody.json("AlertReceiverOrder", upTo: Limits.receiverBody)
    private static let receiver = EndpointResponse.json("The receiver as it is now.", "AlertReceiver")
}
