import WorkflowModel

/// The parameters of every list that comes in pages.
public enum PageParameters {
    public static let limit = QueryParameter.integer(
        "limit", "Records in a page.", in: RunQuery.limits, default: RunQuery.defaultLimit)
    public static let nextToken = QueryParameter.text(
        "next_token", "From the page before. It belongs to its tenant, filters and order.")
}
