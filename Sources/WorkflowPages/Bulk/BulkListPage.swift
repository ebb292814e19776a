public import WorkflowModel

/// The bulk operations of the tenant, newest first.
public struct BulkListPage: Page {
    public static let template = "bulk_list"
    /// Operations on a page.
    public static let length = 50

    public var title: String { "Bulk operations" }
    public var section: Section? { .history }

    var isEmpty: Bool
    var rows: [Row]
    var next: String?

    struct Row: Sendable {
        var href: String
        var title: String
        var state: StateText
        var counts: String
        var requestedBy: String
        var requested: TimeText
    }

    public init(_ page: BulkPage) {
        isEmpty = page.operations.isEmpty
        rows = page.operations.map { operation in
            Row(
                href: PageAddress.bulk(operation.id), title: BulkText.title(operation.action.kind, operation.total),
                state: BulkText.state(operation.state), counts: BulkText.counts(operation.counts),
                requestedBy: operation.requestedBy.name.visible(), requested: TimeText(operation.requestedAt))
        }
        next = page.next.map { PageAddress.bulk + PageAddress.query([("after", String($0))]) }
    }
}
