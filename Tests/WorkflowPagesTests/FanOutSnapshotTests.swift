import Testing
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowPages

/// Snapshots of tasks that run once for each of several items.
@Suite struct FanOutSnapshotTests {
    private static let visitor = Visitor(
        key: "wk_1", name: "Ada", tenant: StoreBench.acme, policy: .operator, formToken: "token")
    private static let now = SnapshotTests.now

    private static func task(_ id: String, _ state: TaskState, _ counts: ItemCounts? = nil, named name: String = "load")
        -> TaskInstance
    {
        TaskInstance(
            id: TaskID(rawValue: "wft-\(id)"), run: RunID(rawValue: "wf-1"), tenant: StoreBench.acme,
            label: "\(name) \(SnapshotTests.hostile)", state: state, stateChangedAt: StoreBench.start, createdAt: StoreBench.start,
            executionType: "command", definitionID: name, definitionType: "test.load", stage: "Sources",
            fan: counts.map { FanOut(counts: $0) })
    }

    private static func item(_ index: Int, _ state: TaskState, of group: String = "load") -> TaskInstance {
        var item = task("\(group).\(index)", state)
        item.label += " [\(index)] orders-\(index).csv"
        item.item = JSONText(validated: "\"orders-\(index).csv\"")
        item.attempts = state == .scheduled ? 0 : 1
        item.error = state == .failed ? SnapshotTests.error : nil
        return item
    }

    private static let counts = ItemCounts(total: 1_000, active: 15, succeeded: 982, failed: 3)

    private static func details(_ state: TaskState, _ counts: ItemCounts, _ items: [TaskInstance]) -> WorkflowRunDetails {
        let run = WorkflowRun(
            id: RunID(rawValue: "wf-1"), tenant: StoreBench.acme, name: "Daily", type: "courier.group/run",
            state: state == .running ? .runningWithFailures : .succeeded, createdAt: StoreBench.start,
            endedAt: state == .running ? nil : StoreBench.after(90), principal: StoreBench.someone,
            origin: RunOrigin(configuration: "cg-daily", runMode: .full))
        var details = WorkflowRunDetails(
            run: run,
            tasks: [
                task("list", .succeeded, named: "list"), task("load", state, counts),
                task("none", .succeeded, ItemCounts(total: 0), named: "none"),
            ])
        details.items = items
        return details
    }

    @Test func aRunShowsTheCountsOfAGroupAndTheItemsThatNeedAttention() throws {
        let items = [Self.item(4, .failed), Self.item(7, .failed), Self.item(900, .running), Self.item(1, .running, of: "other")]
        let page = RunDetailsPage(Self.details(.running, Self.counts, items), attempts: [], for: Self.visitor, at: Self.now)
        try PageSnapshot.check(page, "run-items")
        let html = try Pages().content(page)
        #expect(html.contains("982 of 1,000 succeeded, 3 failed, 15 under way.") && html.contains("All 1,000 items"))
        #expect(!html.contains("[1] orders-1.csv"))
    }

    /// A reader's open group stays open over an update, because its element stays: the counts change inside of it.
    @Test func anUpdateOfAGroupSendsItsRowWithTheSameElement() throws {
        let pages = try Pages()
        func row(_ state: TaskState, _ counts: ItemCounts, _ items: [TaskInstance]) throws -> String {
            let look = RunDetailsPage.look(
                Self.details(state, counts, items), attempts: [], for: Self.visitor, with: pages, at: Self.now)
            return try #require(look.regions.first { $0.content.contains("<details class=\"items\">") }).content
        }
        let before = try row(.running, Self.counts, [Self.item(900, .running)])
        let after = try row(.succeeded, ItemCounts(total: 1_000, succeeded: 1_000), [])
        #expect(before != after && after.contains("1,000 of 1,000 succeeded."))
        func beginning(_ row: String) -> Substring? { row.split(separator: "<summary>").first }
        #expect(beginning(before) == beginning(after))
    }

    @Test func aGroupListsItsItemsInPages() throws {
        let group = Self.task("load", .running, Self.counts)
        func page(_ items: [TaskInstance], _ choice: ItemList.Choice) -> TaskPage {
            TaskPage(
                group, of: Self.details(.running, Self.counts, []).run, attempts: [], values: TaskValues(),
                items: ItemList(group, items, choice), output: nil, log: LogChoice(), at: Self.now)
        }
        let some = [Self.item(0, .succeeded), Self.item(1, .failed), Self.item(2, .scheduled)]
        try PageSnapshot.check(page(some, ItemList.Choice()), "task-items")
        let many = (100..<201).map { Self.item($0, .failed) }
        let failed = try Pages().content(page(many, ItemList.Choice(onlyFailed: true, from: 100)))
        #expect(failed.contains("?items=failed&amp;from=200\">Next items") && failed.contains("?items=failed\">First items"))
        #expect(failed.contains("[199]") && !failed.contains("[200]"))
    }
}
