import Foundation

/// Where the service gets its time from: the machine's clock in production, one that tests advance by hand.
public protocol TimeSource: Sendable {
    var now: Timestamp { get }

    /// Returns when `duration` has passed.
    /// - Throws: `CancellationError` when the surrounding task is cancelled first.
    func sleep(for duration: Duration) async throws
}

/// Where the service gets its randomness from: the system's generator in production, a seeded one in tests.
public protocol RandomSource: Sendable {
    /// 64 random bits.
    func next() -> UInt64
}

extension RandomSource {
    public func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 7)
        while bytes.count < count {
            withUnsafeBytes(of: next()) { bytes.append(contentsOf: $0) }
        }
        return Array(bytes.prefix(count))
    }

    /// A number from 0 up to but not including 1.
    public func fraction() -> Double {
        Double(next() >> 11) / Double(1 << 53)
    }
}

/// The machine's clock.
public struct SystemTime: TimeSource {
    public init() {}

    public var now: Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
    }

    public func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }
}

/// The system's random number generator, good enough for secrets.
public struct SystemRandom: RandomSource {
    public init() {}

    public func next() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}
