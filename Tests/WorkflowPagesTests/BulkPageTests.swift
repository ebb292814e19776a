import Testing
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowPages

/// Pages of bulk operations, at a fixed time.
@Suite struct BulkPageTests {
    private static let visitor = Visitor(
        key: "wk_1", name: "Ada", tenant: StoreBench.acme, policy: .admin, formToken: "token")
    private static let hostile = SnapshotTests.hostile

    private static func run(_ number: Int) -> WorkflowRun {
        WorkflowRun(
            id: RunID(rawValue: "wf-\(number)"), tenant: StoreBench.acme, name: "Daily \(hostile)", type: "courier.group/run",
            state: .inProgress, createdAt: StoreBench.after(Double(number)), principal: StoreBench.someone)
    }

    private static func operation(_ action: BulkAction, _ selection: BulkSelection) -> BulkOperation {
        BulkOperation(
            id: BulkID(rawValue: "bo-1"), tenant: StoreBench.acme, action: action, selection: selection,
            createdBefore: StoreBench.after(60), requestedBy: Principal(id: "p", name: "Bo \(hostile)"),
            requestedAt: StoreBench.after(60), total: 1_204)
    }

    private static let filter = (try? RunFilter.reading([.state: "in-progress", .configuration: "cg-\(hostile)"])) ?? RunFilter()

    @Test func aPreview() throws {
        let preview = BulkPreview(
            total: 1_204, states: [RunFacets.Value(text: "in-progress", runs: 1_204)],
            workflows: [RunFacets.Value(text: "cg-\(Self.hostile)", runs: 1_204)], samples: [Self.run(2), Self.run(1)])
        let form = BulkForm(.stop, .filter(Self.filter), reason: "because \(Self.hostile)")
        try PageSnapshot.check(BulkPreviewPage(preview, form, problem: "Say why.", for: Self.visitor), "bulk-preview")
        let chosen = BulkForm(.label, .runs([RunID(rawValue: "wf-1")]), labels: "a=b")
        try PageSnapshot.check(BulkPreviewPage(preview, chosen, for: Self.visitor), "bulk-preview-labels")
        let none = BulkPreview(total: 0, states: [], workflows: [], samples: [])
        try PageSnapshot.check(
            BulkPreviewPage(none, BulkForm(.rerun, .filter(Self.filter)), for: Self.visitor), "bulk-preview-none")
    }

    @Test func anOperation() throws {
        var operation = Self.operation(.rerun(from: .failure, version: .current), .filter(Self.filter))
        operation.counts = BulkCounts(done: 2, unchanged: 1, refused: 1)
        let results = [
            BulkResult(.done, rerun: RunID(rawValue: "wf-9")), BulkResult.isRerun(by: RunID(rawValue: "wf-8")),
            BulkResult(.refused, "Because \(Self.hostile)."),
        ]
        let receipts = results.enumerated().map { place, result in
            BulkReceipt(
                number: place + 1, run: RunID(rawValue: "wf-\(place)"), result: result,
                writtenAt: StoreBench.after(61 + Double(place)))
        }
        let page = BulkReceiptPage(reading: receipts, limit: 2)
        var query = BulkReceiptQuery(of: operation.id, tenant: StoreBench.acme, limit: 2)
        let running = BulkOperationPage(operation, page, of: query, for: Self.visitor)
        try PageSnapshot.check(running, "bulk")
        let first = running.look(with: try Pages())
        #expect(!first.isFinal && first.regions.contains { $0.kind == .list && $0.content == "receipt-1 receipt-2" })
        // Another receipt changes the counts and the list, and no earlier receipt.
        operation.counts.done += 1
        let all = BulkReceiptPage(reading: receipts, limit: 3)
        let second = BulkOperationPage(operation, all, of: query, for: Self.visitor).look(with: try Pages())
        let changed = second.regions.filter { !first.regions.contains($0) }.map(\.id)
        #expect(Set(changed) == ["bulk-progress", "bulk-outcomes", "bulk-pager", "receipt-rows", "receipt-3"])
        query.outcome = .refused
        query.place = 2
        let filtered = BulkOperationPage(operation, page, of: query, for: Self.visitor)
        #expect(filtered.live == "/bulk/bo-1/live?outcome=refused&after=2")
        operation.counts.done -= 1
        operation.state = .aborted
        operation.endedAt = StoreBench.after(99)
        operation.abortedBy = StoreBench.someone
        let refused = BulkReceiptPage(reading: [receipts[2]], limit: 2)
        query.place = 0
        let ended = BulkOperationPage(operation, refused, of: query, for: Self.visitor)
        try PageSnapshot.check(ended, "bulk-ended")
        let look = ended.look(with: try Pages())
        #expect(ended.live == nil && look.isFinal)
    }

    @Test func theAuditLogLinksTheOperationThatMadeAChange() throws {
        let operation = Self.operation(.delete, .runs([]))
        #expect(BulkOperation.id(ofClient: operation.client) == operation.id)
        #expect(BulkOperation.id(ofClient: "bulk operation of mine") == nil)
        let events = [operation.client, "curl/8.5"].enumerated().map { number, client in
            AuditEvent(
                id: AuditEventID(rawValue: "ae-\(number)"), type: AuditEventType.runDeleted.rawValue, tenant: StoreBench.acme,
                happenedAt: StoreBench.start, principal: StoreBench.someone, object: AuditObject("wf-1"),
                origin: AuditOrigin(userAgent: client))
        }
        let page = AuditLogPage(AuditEventPage(events: events), filter: AuditFilter(), isFirst: true, next: nil, for: Self.visitor)
        let html = try Pages().render(page, AuditLogPage.template)
        #expect(html.contains(#"<p class="why"><a href="/bulk/bo-1">bulk operation bo-1</a></p>"#))
        #expect(html.contains(#"<p class="why">curl/8.5</p>"#))
    }

    @Test func theList() throws {
        let operations = [Self.operation(.delete, .runs([])), Self.operation(.stop(reason: nil), .filter(RunFilter()))]
        try PageSnapshot.check(BulkListPage(BulkPage(operations, next: 7)), "bulk-list")
        try PageSnapshot.check(BulkListPage(BulkPage()), "bulk-list-empty")
    }

    @Test(
        "labels are typed as key=value and -key",
        arguments: [
            ("a=b -c d:e", nil), ("", "No label is named"), ("a=b -a", "is set and removed"), ("-", "is no label"),
            ("a=\(String(repeating: "x", count: 64))", "is no label"), ("a", "\"a\" is no label"),
        ] as [(String, String?)])
    func labels(text: String, problem: String?) throws {
        let form = BulkForm(.label, .filter(RunFilter()), labels: text)
        do throws(AddressProblem) {
            let order = try form.order()
            let set = RunLabels(["a:b", "d:e"].compactMap { RunLabel($0) })
            #expect(order.action == .label(LabelChange(set: set, removed: ["c"])))
            #expect(problem == nil)
        } catch {
            #expect(error.message.contains(try #require(problem)), "\(error.message)")
        }
    }

    @Test(
        "the rate is a number within its limits",
        arguments: [("", 50), ("1", 1), ("1000", 1_000), ("0", nil), ("1001", nil), ("x", nil)])
    func rate(text: String, rate: Int?) {
        let form = BulkForm(.delete, .filter(RunFilter()), perSecond: text)
        #expect((try? form.order())?.perSecond == rate)
    }
}
