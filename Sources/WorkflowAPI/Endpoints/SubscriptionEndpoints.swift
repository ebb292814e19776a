import HTTPTypes
import WorkflowModel

/// Receivers that are told of the end of single runs.
public enum SubscriptionEndpoints {
    public static let all = [list, subscribe, unsubscribe]

    static let receiver = PathParameter("receiver", "The name of a receiver.")

    public static let list = Endpoint(
        "listSubscriptions", .get, "/api/workflow/runs/{id}/subscriptions", .policy(.viewer), tag: .runs,
        summary: "Lists the receivers that are told of a run's end, by name.",
        details: "Those that were asked for; alert rules of receivers and configurations apply besides. Kept after the end.",
        parameters: [RunEndpoints.id],
        responses: [.json("The subscriptions, by receiver.", "RunSubscriptionList")])

    public static let subscribe = Endpoint(
        "subscribe", .put, "/api/workflow/runs/{id}/subscriptions/{receiver}", .policy(.operator), tag: .runs,
        summary: "Has a receiver told when a run ends.",
        details: """
            The receiver gets one alert of the end, whatever its rules say: failed, succeeded or stopped. A run that has ended already \
            raises it at once. 404 for an unknown run or receiver; 409 for a disabled receiver, for imported history, and when \
            the run has \(RunSubscription.most) subscriptions. Reruns do not inherit subscriptions.
            """,
        parameters: [RunEndpoints.id, receiver],
        responses: [
            .json("The receiver was subscribed before, as it says.", "RunSubscription"),
            .created("The subscription is new.", "RunSubscription"),
        ],
        otherErrors: [.conflict])

    public static let unsubscribe = Endpoint(
        "unsubscribe", .delete, "/api/workflow/runs/{id}/subscriptions/{receiver}", .policy(.operator), tag: .runs,
        summary: "Has a receiver no longer told when a run ends.",
        details: "404 when it is not subscribed; 409 when the run has ended.",
        parameters: [RunEndpoints.id, receiver],
        responses: [EndpointResponse(204, "The subscription is removed.")],
        otherErrors: [.conflict])
}
