import WorkflowModel

/// The output of `weir views`.
enum ViewTables {
    static func list(_ views: [SavedView], width: Int?) -> TextTable {
        TextTable(
            [
                .init(title: "name", fit: .shortened), .init(title: "search", fit: .wrapped),
                .init(title: "saved", leaves: 2), .init(title: "by", fit: .shortened, leaves: 1),
            ],
            rows: views.map { [$0.name, $0.search, HumanText.time($0.savedAt), $0.savedBy.name] }, width: width)
    }

    static func facts(_ view: SavedView, width: Int?) -> String {
        TextTable.facts(
            [
                ("View", view.name), ("Search", view.search),
                ("Saved", "\(HumanText.time(view.savedAt)) by \(HumanText.principal(view.savedBy))"),
            ], width: width)
    }
}
