/// Where alerts may go. Without it, whoever may name a receiver could have the service talk to what only the service reaches.
public struct AddressPolicy: Hashable, Sendable {
    /// What the operator allows beyond public addresses.
    public var allowed: [AddressRange]

    public init(allowed: [AddressRange] = []) {
        self.allowed = allowed
    }

    /// The addresses of a receiver, every one of which may be called.
    ///
    /// Plain HTTP is for networks that the operator has named; what goes over others is encrypted.
    /// - Throws: ``ReceiverAddressProblem``
    public func checked(_ url: ReceiverURL, lookup: any AddressLookup) async throws -> [NetworkAddress] {
        let addresses = if let literal = NetworkAddress(url.host) { [literal] } else { try await lookup.addresses(of: url.host) }
        guard !addresses.isEmpty else { throw ReceiverAddressProblem("The host \(url.host) has no address.") }
        for address in addresses { try check(address, of: url) }
        return addresses
    }

    private func check(_ address: NetworkAddress, of url: ReceiverURL) throws(ReceiverAddressProblem) {
        let isAllowed = allowed.contains { $0.contains(address) }
        guard isAllowed || address.isPublic else {
            throw ReceiverAddressProblem(
                "\(url.host) is the address of a private network or of this machine; the operator may have such taken with "
                    + "--allow-private, and called with --alerts-allow of the service.")
        }
        guard isAllowed || url.scheme == .https else {
            throw ReceiverAddressProblem(
                "The address has to begin with https://; http:// is for networks that the operator allows.")
        }
    }

    /// Checks what somebody wants to have as the address of a receiver. A name that cannot be looked up now is taken: every
    /// attempt looks again.
    /// - Throws: ``ReceiverAddressProblem``
    public func check(_ text: String, lookup: any AddressLookup) async throws {
        let url = try ReceiverURL(text)
        do {
            _ = try await checked(url, lookup: lookup)
        } catch is UnknownHost {}
    }
}

/// A host's name cannot be looked up.
public struct UnknownHost: Error, Hashable, Sendable {
    public init() {}
}

/// Finds the addresses of hosts.
public protocol AddressLookup: Sendable {
    /// - Throws: ``UnknownHost``, `CancellationError`.
    func addresses(of host: String) async throws -> [NetworkAddress]
}

/// Knows no host: for a server that takes addresses as they are written, and leaves names to whoever sends.
public struct NoAddressLookup: AddressLookup {
    public init() {}

    public func addresses(of host: String) async throws -> [NetworkAddress] {
        throw UnknownHost()
    }
}
