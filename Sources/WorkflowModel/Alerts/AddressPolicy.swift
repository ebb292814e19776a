/// The addresses that alerts may be sent to. It keeps receivers from making the service call addresses inside its own network.
public struct AddressPolicy: Hashable, Sendable {
    /// Ranges that the operator allows in addition to public addresses.
    public var allowed: [AddressRange]

    public init(allowed: [AddressRange] = []) {
        self.allowed = allowed
    }

    /// The addresses of a receiver. All of them are allowed.
    ///
    /// Plain HTTP is only allowed in ranges that the operator has named; traffic to other networks is encrypted.
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
                "\(url.host) is in a private network or is this machine. The operator can accept it with --allow-private, "
                    + "and must also start the service with --alerts-allow.")
        }
        guard isAllowed || url.scheme == .https else {
            throw ReceiverAddressProblem(
                "The address must begin with https://. http:// is only accepted in networks that the operator allows.")
        }
    }

    /// Checks the address of a new or changed receiver. A host name that cannot be resolved now is accepted: every attempt resolves
    /// it again.
    /// - Throws: ``ReceiverAddressProblem``
    public func check(_ text: String, lookup: any AddressLookup) async throws {
        let url = try ReceiverURL(text)
        do {
            _ = try await checked(url, lookup: lookup)
        } catch is UnknownHost {}
    }
}

/// The host name cannot be resolved.
public struct UnknownHost: Error, Hashable, Sendable {
    public init() {}
}

/// Resolves host names.
public protocol AddressLookup: Sendable {
    /// - Throws: ``UnknownHost``, `CancellationError`.
    func addresses(of host: String) async throws -> [NetworkAddress]
}

/// Resolves nothing: for a server that accepts addresses as they are written, and leaves host names to the sender.
public struct NoAddressLookup: AddressLookup {
    public init() {}

    public func addresses(of host: String) async throws -> [NetworkAddress] {
        throw UnknownHost()
    }
}
