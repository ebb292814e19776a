import Foundation
import WorkflowAPI

extension Bench {
    /// All pages of 1,000, sequentially over one connection; a second time with the file in the page cache, if it fits.
    func walk() async throws -> SetReport {
        let history = try await history(.easy, runs: largest)
        var report = SetReport("walk", "all \(Figure.count(largest)) runs in pages of 1,000, one connection")
        let names = ["walked", "walked again"]
        let walks = try await withServer(data: history.directory, key: history.key) { server in
            try names.map { try Self.walk(server, past: history.runs, name: "a page of 1,000, \($0)") }
        }
        for (name, walk) in zip(names, walks) {
            report.found(name, Double(history.runs) / walk.seconds, "runs/s", .atLeast(300_000))
        }
        report.latencies = walks.map(\.pages)
        return report
    }

    private static func walk(_ server: MeasuredServer, past runs: Int, name: String) throws -> (seconds: Double, pages: Latencies) {
        let caller = try HTTPCaller(port: server.port)
        let start = Stopwatch.nanoseconds
        var recording = Recording()
        var found = 0
        var path: String? = "\(Paths.runs)?limit=1000"
        while let next = path {
            let began = Stopwatch.nanoseconds
            let page = try caller.call(server.get(next), expecting: 200)
            recording.record(nanoseconds: Stopwatch.nanoseconds - began)
            found += Self.runs(on: page.body)
            path = nextToken(in: page.body).map { "\(Paths.runs)?limit=1000&next_token=\($0)" }
        }
        guard found == runs else { throw BenchFailure("The walk found \(found) of \(runs) runs.") }
        return (Stopwatch.seconds(since: start), recording.summary(name))
    }

    /// Fast, because the server waits meanwhile.
    private static func runs(on page: [UInt8]) -> Int {
        // Every run contains this exactly once: quotation marks in texts are escaped.
        let mark = Array("{\"id\":\"".utf8)
        return page.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return 0 }
            var (count, index) = (0, 0)
            while let brace = memchr(start + index, CInt(mark[0]), bytes.count - index) {
                index = start.distance(to: UnsafeRawPointer(brace)) + 1
                if bytes.count - index >= mark.count, memcmp(brace, mark, mark.count) == 0 { count += 1 }
            }
            return count
        }
    }

    private static func nextToken(in page: [UInt8]) -> String? {
        let end = String(decoding: page.suffix(512), as: UTF8.self)
        guard let name = end.range(of: "\"next_token\":\"") else { return nil }
        return String(end[name.upperBound...].prefix { $0 != "\"" })
    }
}
