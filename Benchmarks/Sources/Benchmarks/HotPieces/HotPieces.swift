import Benchmark

/// The parts of a list request and of a start, measured alone and together.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = Benchmark.Configuration(
        metrics: [.wallClock], timeUnits: .nanoseconds, warmupIterations: 20, scalingFactor: .kilo, maxDuration: .seconds(2),
        maxIterations: 1_000_000)
    listPieces()
    storePieces()
    startPieces()
    wholeRequests()
}
