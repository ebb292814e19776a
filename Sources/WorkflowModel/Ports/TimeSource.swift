import Foundation

/// The clock: the machine's clock in production, one that tests advance by hand otherwise.
public protocol TimeSource: Sendable {
    /// The wall clock, for times that are stored and shown. It can be set forward or back at any moment.
    var now: Timestamp { get }

    /// The monotonic time since some moment, for deadlines within this process. It does not change when the wall clock is set.
    var elapsed: Duration { get }

    /// Returns when `duration` has passed.
    /// - Throws: `CancellationError` when the surrounding task is cancelled first.
    func sleep(for duration: Duration) async throws
}

/// The source of randomness: the system's generator in production, a seeded one in tests.
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

    /// A number from 0 up to, but not including, 1.
    public func fraction() -> Double {
        Double(next() >> 11) / Double(1 << 53)
    }
}

/// The machine's clock.
public struct SystemTime: TimeSource {
    private static let origin = ContinuousClock.now

    public init() {}

    public var elapsed: Duration { ContinuousClock.now - Self.origin }

    public var now: Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
    }

    public func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }
}

/// The system's random number generator, suitable for secrets.
public struct SystemRandom: RandomSource {
    public init() {}

    public func next() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}
