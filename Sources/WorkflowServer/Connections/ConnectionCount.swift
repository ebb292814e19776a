import NIOCore
import Synchronization

/// Counts connections, in total and per address, and the bytes that requests hold.
final class ConnectionCount: Sendable {
    enum Admission: Hashable {
        case admitted
        /// The limit is reached: answer 503.
        case refused
        /// Too many connections wait for that answer: close.
        case dropped
    }

    private struct State {
        var admitted = 0
        var refused = 0
        var byAddress: [ClientAddress: Int] = [:]
    }

    let limits: ConnectionLimits
    private let state = Mutex(State())
    private let requestBytes = Atomic(0)

    init(_ limits: ConnectionLimits) {
        self.limits = limits
    }

    /// Whether idle connections should close sooner.
    var isCrowded: Bool { state.withLock { $0.admitted * 4 > limits.connections * 3 } }

    /// Each call is followed by one of ``end(_:from:)``.
    func begin(from address: ClientAddress?) -> Admission {
        state.withLock { state in
            let isAllowed = address.map { state.byAddress[$0, default: 0] < limits.connectionsPerAddress } ?? true
            guard state.admitted < limits.connections, isAllowed else {
                state.refused += 1
                return state.refused <= ConnectionLimits.refusals / 2 ? .refused : .dropped
            }
            state.admitted += 1
            if let address { state.byAddress[address, default: 0] += 1 }
            return .admitted
        }
    }

    func end(_ admission: Admission, from address: ClientAddress?) {
        state.withLock { state in
            guard admission == .admitted else {
                state.refused -= 1
                return
            }
            state.admitted -= 1
            guard let address, let count = state.byAddress[address] else { return }
            state.byAddress[address] = count > 1 ? count - 1 : nil
        }
    }

    /// Counts bytes of requests, until ``giveBack(bytes:)``.
    /// - Returns: whether they are within the limit. They are counted in either case.
    func take(bytes: Int) -> Bool {
        requestBytes.add(bytes, ordering: .relaxed).newValue <= ConnectionLimits.requestBytes
    }

    func giveBack(bytes: Int) {
        requestBytes.subtract(bytes, ordering: .relaxed)
    }
}

/// The part of an address that identifies a client: a whole IPv4 address, the /64 network of an IPv6 address.
struct ClientAddress: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// - Returns: nil for addresses without a limit: those of this machine, and those that are not IP addresses.
    init?(_ address: SocketAddress?) {
        // The place of the address in the structure of its family.
        let place: Range<Int>
        switch address {
        case .v4: place = 4..<8
        case .v6: place = 8..<24
        case .unixDomainSocket, nil: return nil
        }
        guard let address else { return nil }
        let bytes = address.withSockAddr { pointer, size in
            Array(UnsafeRawBufferPointer(start: pointer, count: size)[place])
        }
        self.init(bytes: bytes)
    }

    /// - Parameter bytes: 4 or 16 bytes.
    init?(bytes: [UInt8]) {
        let isMapped = bytes.count == 16 && bytes.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF])
        let bytes = isMapped ? Array(bytes.dropFirst(12)) : bytes
        if bytes.count == 4 {
            guard bytes[0] != 127 else { return nil }
            (high, low) = (0, bytes.reduce(1) { $0 << 8 | UInt64($1) })
        } else {
            guard bytes != Array(repeating: 0, count: 15) + [1] else { return nil }
            (high, low) = (bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }, 0)
        }
    }
}
