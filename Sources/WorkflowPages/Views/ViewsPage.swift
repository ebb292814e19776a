public import WorkflowModel

/// All saved views of the tenant.
public struct ViewsPage: Page {
    public static let template = "views"

    struct Row: Sendable {
        var name: String
        var href: String
        var search: String
        var savedBy: String
        var savedAt: TimeText
        /// nil without the right to delete it.
        var drop: String?
    }

    public var title: String { "Saved views" }
    public var section: Section? { .history }

    var totalText: String
    var isEmpty: Bool
    var canSave: Bool
    var rows: [Row]

    public init(_ views: [SavedView], for visitor: Visitor, at now: Timestamp) {
        totalText = CountText.text(views.count, "view", "views")
        isEmpty = views.isEmpty
        canSave = visitor.canOperate
        rows = views.map { view in
            Row(
                name: view.name.visible(), href: view.address(at: now), search: view.search.visible(),
                savedBy: view.savedBy.name.visible(), savedAt: TimeText(view.savedAt),
                drop: visitor.canOperate ? PageAddress.dropView(view.name) : nil)
        }
    }
}

/// The form that saves a search under a name.
public struct NewViewPage: Page {
    public static let template = "new_view"

    public var title: String { "Save view" }
    public var section: Section? { .history }

    var name: String
    var search: String
    var formToken: String
    var problem: String?
    /// Whether the form asks to replace the view of that name.
    var replaces: Bool
    var button: String
    /// The address of the list that the search shows.
    var back: String

    public init(
        name: String = "", search: String, problem: String? = nil, replaces: Bool = false, for visitor: Visitor, at now: Timestamp
    ) {
        self.name = name
        self.search = search
        self.problem = problem
        self.replaces = replaces
        button = replaces ? "Replace" : "Save"
        formToken = visitor.formToken
        back = (try? RunSearch(reading: search, at: now)).map { HistoryAddress($0, at: now).href } ?? PageAddress.history
    }
}

extension ConfirmPage {
    public static func dropView(_ view: SavedView, for visitor: Visitor) -> ConfirmPage {
        ConfirmPage(
            title: "Delete the view \(view.name.visible())?", section: .history,
            text: "It disappears for everyone in the tenant. The runs that it lists are kept.",
            action: PageAddress.dropView(view.name),
            formToken: visitor.formToken, button: "Delete the view", isDanger: true, back: PageAddress.views)
    }
}
