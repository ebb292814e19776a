import WorkflowAPI

extension Bench {
    /// A page of the 12 newest runs, compared with the same bytes from memory by the same server under the same load.
    func pages() async throws -> SetReport {
        let history = try await history(.easy, runs: largest)
        var report = SetReport("pages", "a page of the 12 newest over \(Figure.count(largest)) runs, 32 connections")
        let (seconds, programs) = (seconds, programs)
        let rounds = try await withServer(verb: ["serve-with-memory-route"], data: history.directory, key: history.key) { server in
            let caller = try HTTPCaller(port: server.port)
            let list = server.get("\(Paths.runs)?limit=12")
            let memory = server.get(MemoryRoute.path)
            let page = try caller.call(list, expecting: 200)
            _ = try caller.call(server.send("PUT", MemoryRoute.path, page.text), expecting: 204)
            // In turn, so that other activity of the machine affects both alike.
            return try (0..<3).map { _ in
                try [("from memory", memory), ("a page", list)].map { name, text in
                    try server.load(server.plan([(name, text, 200)], connections: 32, seconds: seconds), from: programs)
                }
            }
        }
        let ratios = rounds.map { $0[1].perSecond / $0[0].perSecond }
        let tails = rounds.map { $0[1].latencies[0].p99 / $0[0].latencies[0].p99 }
        report.found(
            "pages/s, of what the same bytes reach from memory", ratios.median, "×", .atLeast(0.70),
            note: "median of \(rounds.count) rounds; the generator took \(Figure.text(rounds[0][0].cpuShare)) of a core meanwhile")
        report.found("99th percentile, of that from memory", tails.median, "×", .atMost(3))
        report.found("pages", rounds.map { $0[1].perSecond }.median, "requests/s")
        report.found("from memory", rounds.map { $0[0].perSecond }.median, "requests/s")
        report.latencies = rounds.flatMap { $0.flatMap(\.latencies) }
        let served = try await withServer(data: history.directory, key: history.key) { server in
            try [false, true].map { withTotal in
                let path = "\(Paths.runs)?limit=12" + (withTotal ? "&with_total=true" : "")
                let name = "weir serve, a page" + (withTotal ? " with its total" : "")
                return try server.load(
                    server.plan([(name, server.get(path), 200)], connections: 32, seconds: seconds), from: programs)
            }
        }
        report.found("pages, by weir serve", served[0].perSecond, "requests/s")
        report.found("pages with their total, by weir serve", served[1].perSecond, "requests/s")
        report.latencies += served.flatMap(\.latencies)
        return report
    }
}
