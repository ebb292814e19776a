/// A secret of a tenant without its value: all that is ever listed of it.
public struct TenantSecret: Hashable, Sendable {
    /// Unique in its tenant; see ``SecretRule``.
    @Exact public var name: String
    /// Counts the values that were set under the name, from 1.
    public var version: Int
    /// The key or person that set the current value.
    public var setBy: Principal
    public var setAt: Timestamp

    public init(name: String, version: Int = 1, setBy: Principal, setAt: Timestamp) {
        self.name = name
        self.version = version
        self.setBy = setBy
        self.setAt = setAt
    }

    /// The object of the events about a change.
    public var auditObject: AuditObject { AuditObject(name, name: "\(name), version \(version)") }
}

/// An encrypted value, with the id of the key that opens it. A store keeps it as it is.
public struct SealedValue: Hashable, Sendable {
    /// The id of a master key, which does not tell the key.
    @Exact public var key: String
    /// Different for each encryption, also of the same value.
    public var bytes: [UInt8]

    public init(key: String, bytes: [UInt8]) {
        self.key = key
        self.bytes = bytes
    }
}

/// A secret with its encrypted value.
public struct SealedSecret: Hashable, Sendable {
    public var secret: TenantSecret
    public var value: SealedValue

    public init(_ secret: TenantSecret, _ value: SealedValue) {
        self.secret = secret
        self.value = value
    }
}

/// A value that is encrypted under another key, in place of the former encryption of the same value.
public struct ResealedSecret: Hashable, Sendable {
    @Exact public var name: String
    public var former: SealedValue
    public var value: SealedValue

    public init(name: String, from former: SealedValue, to value: SealedValue) {
        self.name = name
        self.former = former
        self.value = value
    }
}

extension AuditObject {
    /// The secrets of a tenant that were encrypted under another key.
    public static func secrets(_ count: Int, of tenant: Tenant) -> AuditObject {
        AuditObject(tenant.name, name: "\(count) \(count == 1 ? "secret" : "secrets")")
    }
}
