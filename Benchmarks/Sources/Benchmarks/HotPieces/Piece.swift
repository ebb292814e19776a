import Benchmark
import Synchronization

/// A benchmark with a resource that is opened before and closed afterwards.
/// - Parameters:
///  - factor: how often the body runs for one measurement; once if it takes long enough.
///  - body: receives the resource and a different number each time.
func piece<Opened: Sendable, Value>(
    _ name: String, times factor: BenchmarkScalingFactor = .one, open: @escaping @Sendable () async throws -> Opened,
    close: @escaping @Sendable (Opened) async throws -> Void,
    body: @escaping @Sendable (Opened, Int) async throws -> Value
) {
    var configuration = Benchmark.defaultConfiguration
    configuration.scalingFactor = factor
    let kept = Kept<Opened>()
    Benchmark(
        name, configuration: configuration,
        closure: { (benchmark: Benchmark, opened: Opened) in
            for _ in benchmark.scaledIterations { blackHole(try await body(opened, kept.nextNumber())) }
        },
        setup: {
            let opened = try await open()
            kept.keep(opened)
            return opened
        },
        teardown: {
            if let opened = kept.take() { try await close(opened) }
        })
}

func piece<Value>(
    _ name: String, times factor: BenchmarkScalingFactor = .one, inStore body: @escaping @Sendable (HotStore) async throws -> Value
) {
    piece(
        name, times: factor, open: { try await HotStore.open() }, close: { try await $0.close() },
        body: { hot, _ in try await body(hot) })
}

/// The resources of the measured piece. The library passes them to the body, but not to the teardown.
private final class Kept<Opened: Sendable>: Sendable {
    private let opened = Mutex<Opened?>(nil)
    private let number = Atomic(0)

    func keep(_ new: Opened) {
        opened.withLock { $0 = new }
    }

    func take() -> Opened? {
        opened.withLock { $0.take() }
    }

    func nextNumber() -> Int {
        number.add(1, ordering: .relaxed).newValue
    }
}
