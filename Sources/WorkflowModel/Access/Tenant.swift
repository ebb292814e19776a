/// Whose runs, configurations and keys they are. A name that can be a host label: `acme`, `acme-2`.
public struct Tenant: Hashable, Sendable, CustomStringConvertible {
    public static let rule = "1 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit"
    public let name: String

    /// - Returns: nil for a name that breaks ``rule``. Upper case is folded, as in host names.
    public init?(_ name: String) {
        // Some letters outside ASCII have an ASCII letter as their lower case; they are no spelling of it.
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

/// What an operator has set for a tenant.
public struct TenantSettings: Hashable, Sendable {
    public var tenant: Tenant
    /// Requests per second; nil for the service's default, 0 for no limit.
    public var rateLimit: Int?
    /// Tasks that workers hold at once; nil for no limit.
    public var tasksAtOnce: Int?
    /// The units that there are of what tasks use, by name. What is not in it limits nobody.
    public var resources: [String: Int]

    public init(tenant: Tenant, rateLimit: Int? = nil, tasksAtOnce: Int? = nil, resources: [String: Int] = [:]) {
        self.tenant = tenant
        self.rateLimit = rateLimit
        self.tasksAtOnce = tasksAtOnce
        self.resources = resources
    }
}
