import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowServer

@Suite("An export without a client")
struct ExportEndTests {
    /// A connection that is gone.
    private struct GoneClient: ResponseBodyWriter {
        mutating func write(_ buffer: ByteBuffer) async throws { throw ChannelError.ioOnClosedChannel }
        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }

    @Test("ends, also while its search finds nothing, and gives its slot back")
    func ends() async throws {
        let reads = Watched(0)
        try await withService { service in
            var dependencies = ServerDependencies(
                store: service.store, time: service.clock, random: service.random, zones: SystemScheduleZones(),
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
            // A search without end, and without a run.
            let endless = { @Sendable (_: RunPage) -> RunPage in
                RunPage(runs: [], next: RunCursor(key: .created, value: 0, id: RunID(rawValue: "wf-1")))
            }
            dependencies.stores.lists = InterceptedRunLists(lists: dependencies.stores.lists, page: endless) {
                reads.change { $0 += 1 }
            }
            let api = try await APIService(dependencies)
            let query = RunQuery(tenant: ServiceUnderTest.acme)
            for _ in 0...Limits.concurrentExports {
                reads.change { $0 = 0 }
                let response = try await RunExport(of: query, as: .ndjson, service: api, requestID: "req-1").response()
                await #expect(throws: ChannelError.self) { try await response.body.write(GoneClient()) }
                #expect(reads.value <= 2)
            }
        }
    }
}
