public import WorkflowModel

/// A bulk operation: its progress, and what it did with its runs.
public struct BulkOperationPage: LivePage {
    public static let template = "bulk"
    /// Receipts on a page.
    public static let length = 100

    public var title: String { BulkText.title(operation.action.kind, operation.total) }
    public var section: Section? { .history }

    private let operation: BulkOperation
    var id: String
    var heading: String
    var state: StateText
    var counts: String
    var total: String
    var receiptCount: Int
    var most: Int
    var isRunning: Bool
    /// The action of the form that aborts it; nil when the visitor cannot, or it has ended.
    var abort: String?
    var formToken: String
    var facts: [Fact]
    var outcomes: [NamedLink]
    var receipts: [Receipt]
    var hasReceipts: Bool
    var next: String?
    public var live: String?

    struct Receipt: Sendable {
        /// Of its row.
        var id: String
        var run: String
        var href: String
        var state: StateText
        var reason: String?
        var rerun: NamedLink?
        var time: TimeText
    }

    /// - Parameter query: the one that the receipts answer.
    public init(_ operation: BulkOperation, _ page: BulkReceiptPage, of query: BulkReceiptQuery, for visitor: Visitor) {
        let outcome = query.outcome
        self.operation = operation
        id = operation.id.rawValue
        heading = BulkText.title(operation.action.kind, operation.total)
        state = BulkText.state(operation.state)
        counts = BulkText.counts(operation.counts)
        total = CountText.text(operation.total)
        receiptCount = operation.counts.receipts
        most = max(1, operation.total)
        isRunning = operation.state == .running
        abort = isRunning && visitor.canOperate ? PageAddress.bulk(operation.id) + "/abort" : nil
        formToken = visitor.formToken
        facts = Self.facts(operation)
        let address = PageAddress.bulk(operation.id)
        outcomes =
            [NamedLink(label: "All", href: address, isCurrent: outcome == nil)]
            + BulkOutcome.allCases.map {
                NamedLink(
                    label: "\(BulkText.outcome($0).label) (\(CountText.text(operation.counts[$0])))",
                    href: address + PageAddress.query([("outcome", $0.rawValue)]), isCurrent: outcome == $0)
            }
        receipts = page.receipts.map { receipt in
            Receipt(
                id: "receipt-\(receipt.number)", run: receipt.run.rawValue.visible(), href: PageAddress.run(receipt.run),
                state: BulkText.outcome(receipt.result.outcome), reason: receipt.result.reason?.visible(),
                rerun: receipt.result.rerun.map { NamedLink(label: $0.rawValue, href: PageAddress.run($0)) },
                time: TimeText(receipt.writtenAt))
        }
        hasReceipts = !receipts.isEmpty
        func place(_ number: Int?) -> String {
            address + PageAddress.query([("outcome", outcome?.rawValue), ("after", number.map(String.init))])
        }
        next = page.next.map(place)
        live = isRunning ? PageAddress.live(place(query.place > 0 ? query.place : nil)) : nil
    }

    private static func facts(_ operation: BulkOperation) -> [Fact] {
        var facts: [Fact] = []
        switch operation.selection {
        case .runs: facts.append(Fact("Runs", "\(CountText.text(operation.total)), chosen one by one"))
        case .filter(let filter):
            let search = RunSearch(filter).text
            facts.append(search.isEmpty ? Fact("Runs", "All") : Fact("Runs", search.visible(), isCode: true))
        }
        facts.append(Fact("Created before", operation.createdBefore))
        switch operation.action {
        case .stop(let reason):
            if let reason { facts.append(Fact("Reason", reason.text.visible())) }
        case .rerun(let start, let version):
            if let start { facts.append(Fact("From", start.rawValue)) }
            facts.append(Fact("Version", version.rawValue))
        case .resolve(let resolution, let reason):
            facts.append(Fact("Failed tasks", resolution.rawValue))
            if let reason { facts.append(Fact("Reason", reason.text.visible())) }
        case .delete: break
        case .label(let change):
            let set = change.set.map { "\($0.key)=\($0.value)" } + change.removed.sortedTexts.map { "-\($0)" }
            facts.append(Fact("Labels", set.joined(separator: " "), isCode: true))
        }
        facts.append(Fact("Rate", "\(CountText.text(operation.perSecond)) in a second at most"))
        facts.append(Fact("Requested by", operation.requestedBy.name.visible()))
        facts.append(Fact("Requested", operation.requestedAt))
        if let endedAt = operation.endedAt { facts.append(Fact("Ended", endedAt)) }
        if let principal = operation.abortedBy { facts.append(Fact("Aborted by", principal.name.visible())) }
        return facts
    }

    /// The parts that change while the operation is running. Each receipt is a region: only new ones are sent.
    public func look(with pages: Pages) -> LiveLook {
        var regions = [
            ("bulk-progress", "bulk_progress"), ("bulk-facts", "run_facts"), ("bulk-outcomes", "bulk_outcomes"),
            ("bulk-pager", "bulk_pager"),
        ].map { LiveRegion(id: $0, html: pages.render(self, $1)) }
        regions.append(LiveRegion(id: "receipt-rows", children: receipts.map(\.id)))
        regions += receipts.map { LiveRegion(id: $0.id, html: pages.render($0, "bulk_receipt")) }
        return LiveLook(regions: regions, isFinal: !isRunning)
    }
}
