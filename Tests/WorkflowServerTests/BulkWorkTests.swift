import HTTPTypes
import HummingbirdTesting
import Logging
import NIOCore
import SQLiteTestKit
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowOperations
import WorkflowServer
import WorkflowTestKit

/// Nodes that work on bulk operations of a service.
@Suite("The work on bulk operations")
struct BulkWorkTests {
    private func withDaily(
        _ runs: Int, _ body: @Sendable @escaping (ServiceUnderTest, HTTPFields, [RunID]) async throws -> Void
    ) async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            try #require(try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers).status == .created)
            var ids: [RunID] = []
            for _ in 0..<runs {
                let started = try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#)
                ids.append(RunID(rawValue: try #require(try started.json()["id"]?.string)))
                service.clock.advance(by: .milliseconds(10))
            }
            try await body(service, headers, ids)
        }
    }

    @Test("acts on the runs that were there, from the newest to the oldest, and as many in a second as it may")
    func stops() async throws {
        try await withDaily(7) { service, headers, ids in
            let operation = try await service.requestBulk(
                #"{"action":"stop","filter":{"state":"scheduled"},"parameters":{"reason":"enough"},"per_second":3}"#, headers)
            // Not included.
            service.clock.advance(by: .milliseconds(10))
            let later = try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#)
            let work = service.bulkWork()
            #expect(try await work.takeTurns() == 1)
            var receipts = try await service.receipts(of: operation.id)
            #expect(receipts.map(\.run) == Array(ids.reversed().prefix(3)))
            // A second has not passed.
            #expect(try await work.takeTurns() == 0)
            service.clock.advance(by: .seconds(1))
            #expect(try await work.takeTurns() == 1)
            // Another node.
            service.clock.advance(by: .seconds(1))
            #expect(try await service.bulkWork().takeTurns() == 1)
            receipts = try await service.receipts(of: operation.id)
            #expect(receipts.map(\.run) == ids.reversed() && receipts.allSatisfy { $0.result == .done })
            service.clock.advance(by: .seconds(1))
            let ended = try await service.endedBulk(operation.id, work)
            #expect(ended.state == .finished && ended.counts == BulkCounts(done: 7))
            for id in ids {
                let run = try #require(try await service.store.run(id, of: ServiceUnderTest.acme))
                #expect(run.run.state == .canceled && run.stop?.reason == "enough")
            }
            let left = RunID(rawValue: try #require(try later.json()["id"]?.string))
            #expect(try await service.store.run(left, of: ServiceUnderTest.acme)?.run.state == .scheduled)
        }
    }

    @Test("resolves failed tasks of ended runs by a rerun, once, and leaves runs without failed tasks alone")
    func resolves() async throws {
        try await withDaily(1) { service, headers, ids in
            try await service.work(on: ids[0], failing: ["send"])
            _ = try await service.startedRun(headers)
            service.clock.advance(by: .milliseconds(10))
            let work = service.bulkWork()
            let body = #"{"action":"resolve","all":true,"parameters":{"resolution":"skip","reason":"not needed"}}"#
            for expected in [BulkCounts(done: 1, unchanged: 1), BulkCounts(unchanged: 3)] {
                let operation = try await service.requestBulk(body, headers)
                service.clock.advance(by: .seconds(1))
                _ = try await work.takeTurns()
                service.clock.advance(by: .seconds(1))
                #expect(try await service.endedBulk(operation.id, work).counts == expected)
            }
            let reruns = try await service.store.reruns(of: ids[0], tenant: ServiceUnderTest.acme, limit: 9)
            let newest = try #require(reruns.first).id
            let rerun = try #require(try await service.store.run(newest, of: ServiceUnderTest.acme))
            #expect(reruns.count == 1 && rerun.run.state == .succeeded)
            #expect(rerun.resolutions.map(\.reason) == ["not needed"] && rerun.resolutions.map(\.resolution) == [.skip])
        }
    }

    @Test("writes the event of each run for the one who asked, and none for the service")
    func events() async throws {
        try await withDaily(2) { service, headers, ids in
            let operation = try await service.requestBulk(#"{"action":"stop","all":true}"#, headers)
            let before = try await service.events().count
            service.clock.advance(by: .seconds(1))
            _ = try await service.endedBulk(operation.id, service.bulkWork())
            let new = try await service.events().dropLast(before)
            #expect(new.map(\.type) == ["weir.workflow/stopped", "weir.workflow/stopped"])
            #expect(Set(new.map(\.object.id)) == Set(ids.map(\.rawValue)))
            #expect(new.allSatisfy { $0.principal.name == "CI" && $0.origin.userAgent == "bulk operation \(operation.id)" })
        }
    }

    @Test("two overlapping reruns rerun each run once, and a run whose rerun failed is left to that one")
    func overlappingReruns() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            try #require(try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers).status == .created)
            var failed: [RunID] = []
            for _ in 0..<4 { failed.append(try await service.failedRun(headers)) }
            let body = #"{"action":"rerun","filter":{"state":"failed"},"parameters":{"from":"failure"},"per_second":2}"#
            let (first, second) = (try await service.requestBulk(body, headers), try await service.requestBulk(body, headers))
            let work = service.bulkWork()
            while try await service.operation(second.id).state == .running {
                _ = try await work.takeTurns()
                service.clock.advance(by: .seconds(1))
            }
            for id in failed {
                #expect(try await service.store.reruns(of: id, tenant: ServiceUnderTest.acme, limit: 9).count == 1)
            }
            let receipts = try await service.receipts(of: first.id) + service.receipts(of: second.id)
            #expect(receipts.count { $0.result.outcome == .done } == 4)
            #expect(receipts.count { $0.result.outcome == .unchanged } == 4)
            #expect(receipts.allSatisfy { $0.result.rerun != nil })
        }
    }

    @Test("a refusal of one run says why, and the others are done")
    func refusals() async throws {
        try await withDaily(2) { service, headers, ids in
            let failed = RunID(rawValue: "wf-history")
            try await service.addRuns([try service.run("wf-history", created: "2024-01-01", ended: "2024-01-02", state: .succeeded)]
            )
            let operation = try await service.requestBulk(#"{"action":"rerun","ids":["\#(failed)","\#(ids[0])"]}"#, headers)
            service.clock.advance(by: .seconds(1))
            let ended = try await service.endedBulk(operation.id, service.bulkWork())
            #expect(ended.counts == BulkCounts(refused: 2))
            let reasons = try await service.receipts(of: operation.id).map(\.result.reason)
            #expect(reasons[0]?.hasPrefix("The run is imported history.") == true)
            #expect(reasons[1]?.hasPrefix("The run has not ended.") == true)
        }
    }

    @Test("two nodes at the same time do each run once, whichever comes to it", .timeLimit(.minutes(2)))
    func twoNodes() async throws {
        try await withDaily(60) { service, headers, ids in
            let delete = try await service.requestBulk(#"{"action":"stop","all":true,"per_second":20}"#, headers)
            let label = try await service.requestBulk(
                #"{"action":"label","all":true,"parameters":{"labels":{"team":"crm"}},"per_second":25}"#, headers)
            let nodes = [service.bulkWork(), service.bulkWork()]
            func isRunning(_ id: BulkID) async throws -> Bool { try await service.operation(id).state == .running }
            while try await [isRunning(delete.id), isRunning(label.id)].contains(true) {
                try await withThrowingDiscardingTaskGroup { group in
                    for node in nodes { group.addTask { _ = try await node.takeTurns() } }
                }
                service.clock.advance(by: .seconds(1))
            }
            for id in [delete.id, label.id] {
                let receipts = try await service.receipts(of: id)
                #expect(receipts.map(\.number) == Array(1...60))
                #expect(receipts.map(\.run) == ids.reversed() && receipts.allSatisfy { $0.result == .done })
            }
            #expect(try await service.store.checkOfAllTenants(repairing: false, at: service.clock.now).isEmpty)
        }
    }
}

extension ServiceUnderTest {
    /// A node.
    func bulkWork() -> BulkWork {
        BulkWork(
            store: store, ownsStoreAlone: false, time: clock, random: random,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    func requestBulk(_ body: String, _ headers: HTTPFields) async throws -> BulkOperation {
        let answer = try await post(Paths.bulk, headers, json: body)
        try #require(answer.status == .created, "\(answer.text)")
        return try BulkOperation(json: Array(answer.body.readableBytesView))
    }

    fileprivate func operation(_ id: BulkID) async throws -> BulkOperation {
        try #require(try await store.bulkOperation(id, of: Self.acme))
    }

    /// Takes turns until the operation has ended.
    func endedBulk(_ id: BulkID, _ work: BulkWork) async throws -> BulkOperation {
        while true {
            let operation = try await operation(id)
            guard operation.state == .running else { return operation }
            _ = try await work.takeTurns()
            clock.advance(by: .seconds(1))
        }
    }

    fileprivate func receipts(of id: BulkID) async throws -> [BulkReceipt] {
        let query = BulkReceiptQuery(of: id, tenant: Self.acme, limit: BulkLimits.page.upperBound)
        return try #require(try await store.bulkReceipts(matching: query)).receipts
    }

    fileprivate func events() async throws -> [AuditEvent] {
        try await store.auditEvents(matching: AuditQuery(of: Self.acme)).events
    }
}
