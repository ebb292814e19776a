import Benchmark
import NIOCore
import WorkflowAPI
import WorkflowModel

/// The pieces that every request for a list goes through, each by itself.
let benchmarks: @Sendable () -> Void = {
    guard let tenant = Tenant("acme") else { return }
    let sealer = PageTokenSealer(secret: Array(repeating: 7, count: PageTokenSealer.secretLength))
    let start = Timestamp(milliseconds: 1_700_000_000_000)
    let filter = RunFilter(created: TimeWindow(from: start), state: .failed, type: "courier.group/run")
    let cursor = RunCursor(order: .created, time: start, id: RunID(rawValue: "wf-20231114-00001-abcdef"))
    let token = sealer.seal(cursor, filter: filter, tenant: tenant)
    let query = "created_from=\(start.iso8601)&state=failed&type=courier.group/run&limit=12&next_token=\(token)&with_total=true"
    let run = WorkflowRun(
        id: cursor.id, tenant: tenant, name: "Daily", type: "courier.group/run", state: .succeeded, createdAt: start,
        endedAt: start + .seconds(60), principal: Principal(id: "u-1", name: "Night shift", email: "night@example.com"))
    let page = RunPage(runs: Array(repeating: run, count: 12), next: cursor, total: 1_000_000)

    Benchmark("a page token is sealed") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(sealer.seal(cursor, filter: filter, tenant: tenant)) }
    }
    Benchmark("a page token is opened") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(sealer.open(token, filter: filter, tenant: tenant)) }
    }
    Benchmark("the parameters of a list are read") { benchmark in
        for _ in benchmark.scaledIterations {
            blackHole(try RunQueryParameters.read(QueryString(query), tenant: tenant, sealer: sealer))
        }
    }
    Benchmark("a page of 12 is written as JSON") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(WorkflowRun.listDocument(page, nextToken: token)) }
    }
    let document = WorkflowRun.listDocument(page, nextToken: token)
    Benchmark("a page of 12 gets its entity tag") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(EntityTag(of: document)) }
    }
}
