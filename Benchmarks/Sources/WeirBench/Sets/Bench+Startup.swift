import Foundation
import WorkflowAPI

extension Bench {
    /// The time to the first response after a start, and the service's memory, idle and under load, by size.
    func startup() async throws -> SetReport {
        var report = SetReport("startup", "weir serve over \(Figure.count(largest)) runs")
        let (seconds, programs) = (seconds, programs)
        var idle = Series(plot: "memory", name: "idle", unit: "MiB", points: [])
        var loaded = Series(plot: "memory", name: "under the list load", unit: "MiB", points: [])
        var started = Series(plot: "start", name: "first answer", unit: "milliseconds", points: [])
        for size in sizes {
            let history = try await history(.easy, runs: size)
            let token = try await withServer(data: history.directory, key: history.key) { $0.token }
            var times: [Double] = []
            for _ in 0..<5 {
                times.append(
                    try await withServer(data: history.directory, key: history.key, token: token) { $0.firstAnswer ?? 0 } * 1_000)
            }
            started.points.append(Series.Point(runs: size, cost: times.median))
            let (rest, peak) = try await withServer(data: history.directory, key: history.key, workers: 4, token: token) { server in
                Thread.sleep(forTimeInterval: 2)
                let rest = server.memory("VmRSS")
                let lists = ["limit=12", "limit=100&with_total=true", "limit=12&state=failed", "limit=1000"].map {
                    ($0, server.get("\(Paths.runs)?\($0)"), 200)
                }
                _ = try server.load(server.plan(lists, connections: 32, seconds: seconds), from: programs)
                return (rest, server.memory("VmHWM"))
            }
            idle.points.append(Series.Point(runs: size, cost: rest))
            loaded.points.append(Series.Point(runs: size, cost: peak))
        }
        report.found(
            "first answer after the process began", started.points.last?.cost ?? 0, "ms", .atMost(150), note: "median of 5")
        report.found("resident memory, idle", idle.points.last?.cost ?? 0, "MiB", .atMost(60))
        report.found(
            "resident memory under the list load, at its highest", loaded.points.last?.cost ?? 0, "MiB", .atMost(150),
            note: "32 connections; pages of 12, 100 with total, and 1,000 in turn")
        report.series = [idle, loaded, started]
        return report
    }
}
