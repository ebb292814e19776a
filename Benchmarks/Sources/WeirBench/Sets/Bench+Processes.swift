import Foundation
import WorkflowAPI

extension Bench {
    /// Runs with the single task `/usr/bin/true`, compared with a loop that spawns and reaps it.
    func processes() async throws -> SetReport {
        var report = SetReport("processes", "runs of /usr/bin/true by weir serve --workers \(Self.workersForProcesses)")
        let (directory, key) = try await emptyData("processes")
        let runs = max(500, Int(seconds * 200))
        let programs = programs
        let bare = try await Blocking.run { try Self.spawnsPerSecond(min(runs, 2_000)) }
        try await withServer(data: directory, key: key) { server in
            try server.apply(Self.nothing, id: "cg-bench")
            var plan = server.plan([("a start", server.start("cg-bench"), 201)], connections: 32, seconds: 600)
            plan.warmUp = 0
            plan.count = runs
            _ = try server.load(plan, from: programs)
        }
        let seconds = try await withServer(data: directory, key: key, workers: Self.workersForProcesses) { server in
            let start = Stopwatch.nanoseconds
            let caller = try HTTPCaller(port: server.port)
            let path = "\(Paths.runs)?limit=1&with_total=true&state=succeeded"
            while true {
                let total = try Self.total(caller.call(server.get(path), expecting: 200))
                if total >= runs { return Stopwatch.seconds(since: start) }
                Thread.sleep(forTimeInterval: 0.02)
            }
        }
        report.found(
            "runs/s, of what a bare loop spawns", Double(runs) / seconds / bare, "×", .atLeast(0.70),
            note:
                "the loop is one thread with posix_spawn and waitpid; a run is a claim, a process group, its output and two commits"
        )
        report.found("runs", Double(runs) / seconds, "runs/s")
        report.found("the bare loop", bare, "processes/s")
        return report
    }

    /// Enough to keep the machine busy: a worker waits for the disk longer than its process lives.
    private static let workersForProcesses = 32

    static func total(_ page: HTTPCaller.Answer) throws -> Int {
        struct Page: Decodable { var total: Int }
        return try JSONDecoder().decode(Page.self, from: Data(page.body)).total
    }

    private static func spawnsPerSecond(_ count: Int) throws -> Double {
        let start = Stopwatch.nanoseconds
        let path = "/usr/bin/true"
        for _ in 0..<count {
            var id: pid_t = 0
            let status = path.withCString { program in
                var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(program), nil]
                defer { free(arguments[0]) }
                return posix_spawn(&id, program, nil, nil, &arguments, environ)
            }
            guard status == 0 else { throw BenchFailure("\(path) cannot be spawned.") }
            var ending: Int32 = 0
            waitpid(id, &ending, 0)
        }
        return Double(count) / Stopwatch.seconds(since: start)
    }
}
