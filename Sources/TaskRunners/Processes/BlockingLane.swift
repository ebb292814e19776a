import Dispatch

/// A thread for calls that block, so that none of them holds up one of Swift's cooperative threads.
///
/// A serial queue gets a thread to itself, one of at most 255 that are kept for reuse.
struct BlockingLane: Sendable {
    private let queue: DispatchQueue

    init(_ name: String) {
        queue = DispatchQueue(label: name)
    }

    func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(returning: body())
            }
        }
    }
}
