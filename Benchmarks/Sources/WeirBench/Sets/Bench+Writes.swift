import Foundation
import WorkflowAPI
import WorkflowModel

extension Bench {
    /// The number of purged runs, or the older half of a history that has fewer than twice as many.
    private static let purgedRuns = 1_000_000
    /// A longer purge is stopped, and the report shows its progress.
    private static let longestPurge = 1_800.0

    /// Lists at a steady rate, first without other load, then during a purge and 1,000 starts/s.
    func writes() async throws -> SetReport {
        let history = try await history(.easy, runs: largest)
        var report = SetReport(
            "writes", "lists at 500/s while 1,000 starts/s and a retention purge go on, over \(Figure.count(largest)) runs")
        let copy = try await Blocking.run { try history.copy(to: "\(scratch)/writes") }
        let age = purgedAge
        let (seconds, programs) = (seconds, programs)
        let (quiet, busy, starts, purge) = try await withServer(data: copy.directory, key: copy.key) { server in
            try server.apply(Self.nothing, id: "cg-bench")
            func lists(_ name: String, seconds: Double) -> LoadPlan {
                let requests = ["limit=12", "limit=12&state=failed", "limit=12&type=courier.group/run"].map {
                    ("\(name), \($0)", server.get("\(Paths.runs)?\($0)"), 200)
                }
                var plan = server.plan(requests, connections: 16, seconds: seconds)
                plan.perSecond = 500
                return plan
            }
            let quiet = try server.load(lists("quiet", seconds: seconds), from: programs)
            var starts = server.plan([("a start", server.start("cg-bench"), 201)], connections: 32, seconds: Self.longestPurge)
            starts.perSecond = 1_000
            let loads = try [starts, lists("during starts and purge", seconds: Self.longestPurge)].map {
                try BackgroundLoad($0, programs: programs)
            }
            defer { for load in loads { load.end() } }
            // Until both loads have warmed up.
            Thread.sleep(forTimeInterval: starts.warmUp)
            // Of the history alone, without the started runs. A new connection, because an idle one is closed during the purge.
            func old() throws -> Int {
                let page = server.get("\(Paths.runs)?limit=1&with_total=true&created_to=2026")
                return try Self.total(HTTPCaller(port: server.port).call(page, expecting: 200))
            }
            let before = try old()
            let start = Stopwatch.nanoseconds
            let purge = try ChildProcess(
                "/usr/bin/env",
                [
                    "timeout", "\(Self.longestPurge)", programs.weir, "retention", "--older-than", "\(age)h", "--data",
                    copy.directory,
                ])
            let isThrough = purge.wait() == 0
            let took = Stopwatch.seconds(since: start)
            Thread.sleep(forTimeInterval: max(0, seconds - took))
            for load in loads { load.end() }
            let (lists, started) = (try loads[1].result(), try loads[0].result())
            let purged = before - (try old())
            return (quiet, lists, started, (runs: purged, seconds: took, isThrough: isThrough))
        }
        let tails = zip(busy.latencies, quiet.latencies).map { $0.p99 / $1.p99 }
        report.found(
            "99th percentile of a list during 1,000 starts/s and a purge, of the quiet one", tails.max() ?? 0, "×", .atMost(3),
            note: "lists of \(Figure.text(busy.seconds)) s; the purge took \(Figure.text(purge.seconds)) of them")
        report.found("starts meanwhile", starts.perSecond, "requests/s", .atLeast(990))
        report.found("purged meanwhile", Double(purge.runs), "runs", note: "\(Figure.text(Double(purge.runs) / purge.seconds))/s")
        if !purge.isThrough { report.missing.append("the rest of the purge: it ended, or was broken off, before it was through") }
        if largest < 2 * Self.purgedRuns {
            report.missing.append(
                "a purge of \(Figure.count(Self.purgedRuns)) runs, which takes a history of twice as many (--runs 2000000)")
        }
        report.latencies = quiet.latencies + busy.latencies + starts.latencies
        return report
    }

    /// The age, in hours, of the youngest purged run. Slightly more runs than wanted, because active ones stay.
    private var purgedAge: Int {
        let fraction = min(0.52, 1.04 * Double(Self.purgedRuns) / Double(largest))
        let youngest = Double(HistoryShape.start.milliseconds) + fraction * Double(HistoryShape.span.milliseconds)
        return Int((Date().timeIntervalSince1970 * 1_000 - youngest) / 3_600_000)
    }
}
