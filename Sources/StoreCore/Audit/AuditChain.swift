import Crypto
public import WorkflowModel

/// The chain of a tenant's audit events: each has a SHA-256 hash over itself and the hash of the one before.
public enum AuditChain {
    /// The hash before the first event of a tenant.
    public static let beginning = [UInt8](repeating: 0, count: 32)

    /// The version of the bytes that are hashed.
    private static let version: UInt8 = 1

    public static func hash(of event: AuditEvent, after previous: [UInt8]) -> [UInt8] {
        var bytes = previous
        bytes.reserveCapacity(512)
        bytes.append(version)
        bytes.append(number: event.happenedAt.milliseconds)
        for text in [
            event.id.rawValue, event.type, event.tenant.name, event.principal.id, event.principal.name, event.object.id,
            event.origin.address, event.origin.userAgent, event.origin.session,
        ] { bytes.append(text: text) }
        bytes.append(optional: event.principal.email)
        bytes.append(optional: event.object.name)
        return Array(SHA256.hash(data: bytes))
    }
}

extension [UInt8] {
    fileprivate mutating func append(number: Int64) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }

    /// The length comes first, so that two different lists of texts never have the same bytes.
    fileprivate mutating func append(text: String) {
        append(number: Int64(text.utf8.count))
        append(contentsOf: text.utf8)
    }

    fileprivate mutating func append(optional text: String?) {
        append(text == nil ? 0 : 1)
        if let text { append(text: text) }
    }
}

/// The ends of a tenant's chain.
public struct AuditChainEnds: Hashable, Sendable {
    /// The hash before the oldest event that is kept.
    public var base: [UInt8]
    /// The hash of the newest event.
    public var head: [UInt8]

    public init(base: [UInt8], head: [UInt8]) {
        self.base = base
        self.head = head
    }
}

/// Verifies the chains of all tenants while their events pass in the order in which they were written.
public struct AuditChainCheck {
    private struct Progress {
        var ends: AuditChainEnds
        /// The hash of the event before, as it is stored: an event that was changed makes no other one wrong.
        var last: [UInt8]
        var misfits = 0
        var first: AuditEvent?
    }

    private var chains: [Tenant: Progress] = [:]

    public init(_ ends: [(tenant: Tenant, ends: AuditChainEnds)]) {
        for (tenant, ends) in ends { chains[tenant] = Progress(ends: ends, last: ends.base) }
    }

    public mutating func add(_ event: AuditEvent, hash: [UInt8]) {
        // A tenant whose ends are missing begins at the beginning, and does not end at its head.
        let none = Progress(ends: AuditChainEnds(base: AuditChain.beginning, head: []), last: AuditChain.beginning)
        var chain = chains[event.tenant] ?? none
        if AuditChain.hash(of: event, after: chain.last) != hash {
            chain.misfits += 1
            chain.first = chain.first ?? event
        }
        chain.last = hash
        chains[event.tenant] = chain
    }

    /// One finding for each tenant with an event that does not fit, by tenant. Call this after the last event.
    public var findings: [StoreFinding] {
        chains.sorted { $0.key.name < $1.key.name }.compactMap { tenant, chain in
            if let first = chain.first {
                return finding(
                    chain.misfits,
                    "The audit log of \(tenant.name) was changed: the event \(first.id) (\(first.type), \(first.happenedAt.iso8601)) "
                        + "does not fit. It was changed, or an event before it was changed, added or removed.")
            }
            guard chain.last != chain.ends.head else { return nil }
            return finding(1, "The audit log of \(tenant.name) was changed: its newest events are missing.")
        }
    }

    private func finding(_ places: Int, _ message: String) -> StoreFinding {
        StoreFinding(.audit, places: places, message, remedy: .lasting)
    }
}
