import Benchmark
import NIOCore
import WorkflowAPI
import WorkflowModel

/// The service's work for a list around the store: reads parameters, opens and seals page tokens, writes JSON and hashes it.
func listPieces() {
    let tenant = HotStore.tenant
    let sealer = PageTokenSealer(secret: Array(repeating: 7, count: PageTokenSealer.secretLength))
    let start = HotStore.start
    let filter = RunFilter(created: TimeWindow(from: start), state: .failed, type: "courier.group/run")
    let cursor = RunCursor(key: .created, value: start.milliseconds, id: RunID(rawValue: "wf-20231114-00001-abcdef"))
    let asked = RunQuery(tenant: tenant, filter: filter, limit: 12, withTotal: true)
    let token = sealer.seal(cursor, of: asked)
    let query = "created_from=\(start.iso8601)&state=failed&type=courier.group/run&limit=12&next_token=\(token)&with_total=true"
    let page = RunPage(runs: (0..<12).map(HotStore.run), next: cursor, total: .exactly(1_000_000))

    Benchmark("list: a page token is sealed") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(sealer.seal(cursor, of: asked)) }
    }
    Benchmark("list: a page token is opened") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(sealer.open(token, of: asked)) }
    }
    Benchmark("list: the parameters are read, all of them, a page token included") { benchmark in
        for _ in benchmark.scaledIterations {
            blackHole(
                try RunQueryParameters.read(
                    Parameters(QueryString(query), of: RunEndpoints.list), tenant: tenant, sealer: sealer, at: start))
        }
    }
    Benchmark("list: the parameters are read, a limit alone") { benchmark in
        for _ in benchmark.scaledIterations {
            blackHole(
                try RunQueryParameters.read(
                    Parameters(QueryString("limit=12"), of: RunEndpoints.list), tenant: tenant, sealer: sealer, at: start))
        }
    }
    Benchmark("list: a page of 12 is written as JSON") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(WorkflowRun.listDocument(page, nextToken: token)) }
    }
    let document = WorkflowRun.listDocument(page, nextToken: token)
    Benchmark("list: a page of 12 gets its entity tag") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(EntityTag(of: document)) }
    }
}
