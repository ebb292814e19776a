import SQLiteStore
import WorkflowModel

/// The embedded store's work for a list.
func storePieces() {
    let hour = Duration.seconds(3_600)
    let middle = HotStore.start + .seconds(60 * HotStore.runs / 2)
    let week = TimeWindow(from: middle, to: middle + hour * 168)
    let cases: [(String, RunFilter)] = [
        ("no filter", RunFilter()),
        ("a state and a type", RunFilter(state: .failed, type: "courier.group/run")),
        ("a window", RunFilter(created: week)),
        ("two windows", RunFilter(created: week, ended: week)),
    ]
    for (name, filter) in cases {
        for withTotal in [false, true] {
            let query = RunQuery(tenant: HotStore.tenant, filter: filter, limit: 12, withTotal: withTotal)
            piece(
                "store: a page of 12\(withTotal ? " and its total" : ""), \(name)",
                inStore: { hot in
                    try await hot.store.runs(matching: query)
                })
        }
    }
}
