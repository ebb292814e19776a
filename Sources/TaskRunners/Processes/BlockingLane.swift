import Dispatch

/// A thread for blocking calls, so that they do not occupy Swift's cooperative threads.
///
/// A serial dispatch queue uses one of at most 255 reusable threads.
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
