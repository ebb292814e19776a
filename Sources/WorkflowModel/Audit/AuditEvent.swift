/// The id of an event of the audit log: `ae-…`.
public struct AuditEventID: DatedID {
    public static let prefix = "ae"
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// An event of the audit log: what a person or a key has done. Stores write the event of a change in the transaction of the change.
public struct AuditEvent: Hashable, Sendable {
    public var id: AuditEventID
    /// The wire name of an ``AuditEventType``. A later version may write types that this one does not know.
    @Exact public var type: String
    public var tenant: Tenant
    public var happenedAt: Timestamp
    public var principal: Principal
    public var object: AuditObject
    public var origin: AuditOrigin

    public init(
        id: AuditEventID, type: String, tenant: Tenant, happenedAt: Timestamp, principal: Principal, object: AuditObject,
        origin: AuditOrigin
    ) {
        self.id = id
        self.type = type
        self.tenant = tenant
        self.happenedAt = happenedAt
        self.principal = principal
        self.object = object
        self.origin = origin
    }
}

/// The object of an event: a run, a key, a configuration, …
public struct AuditObject: Hashable, Sendable {
    @Exact public var id: String
    /// For people; nil when the object has none beside its id.
    @Exact public var name: String?

    public init(_ id: String, name: String? = nil) {
        self.id = id
        self.name = name
    }
}

/// Where a request came from. Texts are empty when they are not known.
public struct AuditOrigin: Hashable, Sendable {
    /// The longest kept text of a client about itself, in Unicode scalars.
    public static let longestUserAgent = 256

    /// The address of the client, or of the proxy before the service.
    @Exact public var address: String
    /// The client's own text about itself.
    @Exact public var userAgent: String
    /// Names the access token of a request to the API, and the session of a request for a page. Opens neither.
    @Exact public var session: String

    public init(address: String = "", userAgent: String = "", session: String = "") {
        self.address = address
        self.userAgent = userAgent
        self.session = session
    }

    /// The origin of a request by a client, whose text about itself is shortened, with invisible characters escaped.
    public init(client text: String?, at address: String?, session: String?) {
        self.init(
            address: address ?? "", userAgent: text?.visible(upTo: Self.longestUserAgent) ?? "", session: session ?? "")
    }
}
