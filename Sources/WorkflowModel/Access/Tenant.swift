/// The owner of runs, configurations and keys. Its name can be a host label: `acme`, `acme-2`.
public struct Tenant: Hashable, Sendable, CustomStringConvertible {
    public static let rule = "1 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit"
    public let name: String

    /// - Returns: nil for a name that breaks ``rule``. Upper case is folded, as in host names.
    public init?(_ name: String) {
        // Some letters outside ASCII have an ASCII letter as their lower case; they are no spelling of that letter.
        guard name.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let folded = name.lowercased()
        let bytes = folded.utf8
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard (1...63).contains(bytes.count), bytes.allSatisfy({ isAlphanumeric($0) || $0 == UInt8(ascii: "-") }),
            let first = bytes.first, let last = bytes.last, isAlphanumeric(first), isAlphanumeric(last)
        else { return nil }
        self.name = folded
    }

    public var description: String { name }
}

/// The settings of a tenant that an operator can change.
public struct TenantSettings: Hashable, Sendable {
    public var tenant: Tenant
    /// Requests per second; nil for the service's default, 0 for no limit.
    public var rateLimit: Int?
    /// Tasks that workers execute at the same time; nil for no limit.
    public var tasksAtOnce: Int?
    /// The units of each resource that the tenant's tasks share, by name. A resource that is missing here is unlimited.
    public var resources: [String: Int]

    public init(tenant: Tenant, rateLimit: Int? = nil, tasksAtOnce: Int? = nil, resources: [String: Int] = [:]) {
        self.tenant = tenant
        self.rateLimit = rateLimit
        self.tasksAtOnce = tasksAtOnce
        self.resources = resources
    }
}
