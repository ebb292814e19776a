import HTTPTypes
import WorkflowModel

/// Saved views: searches that everyone in a tenant shares.
public enum ViewEndpoints {
    public static let all = [list, show, save, delete]

    static let name = PathParameter("name", "The name of a view.")

    public static let list = Endpoint(
        "listViews", .get, "/api/workflow/views", .policy(.viewer), tag: .views,
        summary: "Lists the tenant's saved views, by name.",
        parameters: [HeaderParameter.ifNoneMatch],
        responses: [.json("The views.", "SavedViewList", headers: [.entityTag])])

    public static let show = Endpoint(
        "showView", .get, "/api/workflow/views/{name}", .policy(.viewer), tag: .views,
        summary: "Shows a saved view.",
        parameters: [name, HeaderParameter.ifNoneMatch],
        responses: [.json("The view.", "SavedView", headers: [.entityTag])])

    public static let save = Endpoint(
        "saveView", .put, "/api/workflow/views/{name}", .policy(.operator), tag: .views,
        summary: "Saves a search under a name, in place of one with the same name.",
        details: """
            The search has to be valid. It is kept as it was typed: relative times in it stay relative. 409 when the tenant has \
            \(SavedView.most) other views.
            """,
        parameters: [name],
        body: .json("ViewRequest", upTo: Limits.viewBody),
        responses: [.json("The view existed, and has this search now.", "SavedView"), .created("The view is new.", "SavedView")],
        otherErrors: [.conflict])

    public static let delete = Endpoint(
        "deleteView", .delete, "/api/workflow/views/{name}", .policy(.operator), tag: .views,
        summary: "Deletes a saved view.",
        parameters: [name],
        responses: [EndpointResponse(204, "The view is deleted.")])
}
