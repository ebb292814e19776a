import Foundation
import Synchronization
public import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Resolves names with the system's blocking resolver, on its own thread, so that an unresponsive name server blocks no other work.
public struct SystemAddressLookup: AddressLookup {
    /// The time limit of a lookup.
    public static let patience = Duration.seconds(5)

    private let time: any TimeSource

    public init(time: any TimeSource) {
        self.time = time
    }

    public func addresses(of host: String) async throws -> [NetworkAddress] {
        let answer = Answer()
        let thread = Thread { answer.give(Result { try Self.ask(for: host) }) }
        thread.start()
        let time = time
        let timer = Task {
            try await time.sleep(for: Self.patience)
            answer.give(.failure(UnknownHost()))
        }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { answer.wait($0) }
        } onCancel: {
            answer.give(.failure(CancellationError()))
        }
    }

    private static func ask(for host: String) throws -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &first) == 0 else { throw UnknownHost() }
        defer { freeaddrinfo(first) }
        var found: [NetworkAddress] = []
        var next = first
        while let entry = next?.pointee {
            next = entry.ai_next
            guard let address = entry.ai_addr, let known = known(UnsafeRawPointer(address), family: entry.ai_family) else {
                continue
            }
            if !found.contains(known) { found.append(known) }
        }
        return found
    }

    private static func known(_ address: UnsafeRawPointer, family: Int32) -> NetworkAddress? {
        switch family {
        case AF_INET:
            let address = address.load(as: sockaddr_in.self).sin_addr
            return NetworkAddress(bytes: withUnsafeBytes(of: address) { Array($0) })
        case AF_INET6:
            let address = address.load(as: sockaddr_in6.self).sin6_addr
            return NetworkAddress(bytes: withUnsafeBytes(of: address) { Array($0) })
        default: return nil
        }
    }
}

/// Delivers the first result; later results are ignored.
private final class Answer: Sendable {
    private enum State {
        case open
        case waiting(CheckedContinuation<[NetworkAddress], any Error>)
        case given(Result<[NetworkAddress], any Error>)
        case over
    }

    private let state = Mutex(State.open)

    func wait(_ continuation: CheckedContinuation<[NetworkAddress], any Error>) {
        let result = state.withLock { state -> Result<[NetworkAddress], any Error>? in
            guard case .given(let result) = state else {
                state = .waiting(continuation)
                return nil
            }
            state = .over
            return result
        }
        if let result { continuation.resume(with: result) }
    }

    func give(_ result: Result<[NetworkAddress], any Error>) {
        let waiting = state.withLock { state -> CheckedContinuation<[NetworkAddress], any Error>? in
            switch state {
            case .open:
                state = .given(result)
                return nil
            case .waiting(let continuation):
                state = .over
                return continuation
            case .given, .over: return nil
            }
        }
        waiting?.resume(with: result)
    }
}
