import WorkflowAPI

extension Bench {
    /// Lists at a steady rate, quiet and then while runs are started at 1,000/s and old ones purged.
    func writes() async throws -> SetReport {
        let history = try await history(.easy, runs: largest)
        var report = SetReport(
            "writes", "lists at 500/s while 1,000 starts/s and a retention purge go on, over \(Figure.count(largest)) runs")
        let copy = try await Blocking.run { try history.copy(to: "\(scratch)/writes") }
        let (seconds, programs) = (seconds, programs)
        let results = try await withServer(data: copy.directory, key: copy.key) { server in
            try server.apply(Self.nothing, id: "cg-bench")
            func lists(_ name: String) throws -> LoadResult {
                let requests = ["limit=12", "limit=12&state=failed", "limit=12&type=courier.group/run"].map {
                    ("\(name), \($0)", server.get("\(Paths.runs)?\($0)"), 200)
                }
                var plan = server.plan(requests, connections: 16, seconds: seconds)
                plan.perSecond = 500
                return try server.load(plan, from: programs)
            }
            let quiet = try lists("quiet")
            var starts = server.plan([("a start", server.start("cg-bench"), 201)], connections: 32, seconds: seconds + 2)
            starts.perSecond = 1_000
            let writing = try BackgroundLoad(starts, programs: programs)
            let caller = try HTTPCaller(port: server.port)
            // Of the history alone, which the starts add nothing to.
            let old = server.get("\(Paths.runs)?limit=1&with_total=true&created_to=2026")
            let before = try Self.total(caller.call(old, expecting: 200))
            let purge = try ChildProcess(programs.weir, ["retention", "--older-than", "400d", "--data", copy.directory])
            defer { purge.end() }
            let busy = try lists("during starts and purge")
            return (quiet, busy, try writing.result(), before - (try Self.total(caller.call(old, expecting: 200))))
        }
        let (quiet, busy, starts, purged) = results
        let tails = zip(busy.latencies, quiet.latencies).map { $0.p99 / $1.p99 }
        report.found(
            "99th percentile of a list during 1,000 starts/s and a purge, of the quiet one", tails.max() ?? 0, "×", .atMost(3))
        report.found("starts meanwhile", starts.perSecond, "requests/s", .atLeast(990))
        report.latencies = quiet.latencies + busy.latencies + starts.latencies
        report.found("purged meanwhile", Double(purged), "runs")
        return report
    }
}
