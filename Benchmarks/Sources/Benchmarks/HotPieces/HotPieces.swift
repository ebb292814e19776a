import Benchmark

/// What a request for a list and a start are made of, each piece by itself and the whole of both.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = Benchmark.Configuration(
        metrics: [.wallClock], timeUnits: .nanoseconds, warmupIterations: 20, scalingFactor: .kilo, maxDuration: .seconds(2),
        maxIterations: 1_000_000)
    listPieces()
    storePieces()
    startPieces()
    wholeRequests()
}
