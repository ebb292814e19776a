public import WorkflowModel

/// Settings › Audit: the events of the audit log, newest first.
public struct AuditLogPage: Page {
    public static let template = "audit"
    /// Events on a page.
    public static let most = 50

    struct Row: Sendable {
        var time: TimeText
        var who: String
        var whoID: String
        var whoHref: String
        var what: String
        var type: String
        var object: String
        var objectID: String?
        var href: String?
        var address: String?
        var client: String?
        /// The page of the bulk operation that made the change.
        var clientHref: String?
    }

    public var title: String { "Audit" }
    public var section: Section? { .audit }

    var tenant: String
    var types: [Option]
    var from: String
    var to: String
    var principal: String
    var problem: String?
    var isFiltered: Bool
    var hasEvents: Bool
    var rows: [Row]
    /// The address of the next page; nil on the last one.
    var older: String?
    /// The address of the first page; nil there.
    var newest: String?
    var isPartial: Bool

    /// - Parameters:
    ///   - next: the token of the next page.
    ///   - problem: why the filters cannot be used.
    public init(
        _ page: AuditEventPage, filter: AuditFilter, isFirst: Bool, next: String?, problem: String? = nil, for visitor: Visitor
    ) {
        tenant = visitor.tenant.name
        types = [Option(value: "", label: "Everything", isChosen: filter.type.isEmpty)]
        types += AuditEventType.allCases.map {
            Option(value: $0.rawValue, label: $0.sentence.capitalizedSentence, isChosen: filter.type == $0.rawValue)
        }
        from = Timestamp(iso8601: filter.from)?.field ?? ""
        to = Timestamp(iso8601: filter.to)?.field ?? ""
        principal = filter.principal
        self.problem = problem
        isFiltered = filter != AuditFilter()
        hasEvents = !page.events.isEmpty
        rows = page.events.map { Row($0, filter: filter) }
        older = next.map { filter.address(next: $0) }
        newest = isFirst ? nil : filter.address(next: nil)
        isPartial = next != nil && page.events.count < Self.most
    }
}

extension AuditLogPage.Row {
    init(_ event: AuditEvent, filter: AuditFilter) {
        time = TimeText(event.happenedAt)
        who = event.principal.name.visible(upTo: 128)
        whoID = event.principal.id.visible(upTo: 128)
        var own = filter
        own.principal = event.principal.id
        whoHref = own.address(next: nil)
        what = AuditEventType.sentence(of: event.type)
        type = event.type
        object = (event.object.name ?? event.object.id).visible(upTo: 128)
        objectID = event.object.name == nil ? nil : event.object.id.visible(upTo: 128)
        href = Self.address(of: event)
        address = event.origin.address.isEmpty ? nil : event.origin.address
        client = event.origin.userAgent.isEmpty ? nil : event.origin.userAgent.visible(upTo: 128)
        clientHref = BulkOperation.id(ofClient: event.origin.userAgent).map(PageAddress.bulk)
    }

    /// Runs and bulk operations have a page of their own.
    private static func address(of event: AuditEvent) -> String? {
        switch AuditEventType(rawValue: event.type) {
        case .runStarted, .runRerun, .runBackfilled, .runStopped, .runResolved, .runLabeled:
            PageAddress.run(RunID(rawValue: event.object.id))
        case .bulkRequested, .bulkAborted: PageAddress.bulk(BulkID(rawValue: event.object.id))
        default: nil
        }
    }
}

/// The filters of the page, as they were typed.
public struct AuditFilter: Hashable, Sendable {
    public static let fromName = "happened_from"
    public static let toName = "happened_to"
    public static let typeName = "type"
    public static let principalName = "principal"
    public static let nextName = "next_token"

    public var from: String
    public var to: String
    public var type: String
    public var principal: String

    public init(from: String = "", to: String = "", type: String = "", principal: String = "") {
        self.from = from
        self.to = to
        self.type = type
        self.principal = principal
    }

    /// - Parameter next: the token of a page; nil for the first one.
    func address(next: String?) -> String {
        func given(_ text: String) -> String? { text.isEmpty ? nil : text }
        return PageAddress.audit
            + PageAddress.query([
                (Self.fromName, given(from)), (Self.toName, given(to)), (Self.typeName, given(type)),
                (Self.principalName, given(principal)), (Self.nextName, next),
            ])
    }
}

extension String {
    /// With a capital letter at its beginning.
    fileprivate var capitalizedSentence: String { prefix(1).uppercased() + dropFirst() }
}
