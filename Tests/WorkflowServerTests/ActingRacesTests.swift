import HTTPTypes
import HummingbirdTesting
import PostgresTestKit
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

/// Bad input and races of acts on runs: each has one outcome, on both stores.
@Suite("Acting at the wrong moment", .timeLimit(.minutes(5)))
struct ActingRacesTests {
    enum Store: String, CaseIterable, Sendable {
        case sqlite, postgres
    }

    /// A service with a workflow, and the headers of an administrator.
    private func with(
        _ store: Store, _ body: @Sendable @escaping (ServiceUnderTest, HTTPFields) async throws -> Void
    ) async throws {
        @Sendable func prepared(_ service: ServiceUnderTest) async throws {
            let headers = try await service.headers(.admin)
            try #require(try await service.save(ResolutionTests.configuration, as: "cg-daily", headers).status == .created)
            try await body(service, headers)
            #expect(try await service.store.checkOfAllTenants(repairing: false, at: service.clock.now) == [])
        }
        switch store {
        case .sqlite: try await withService { try await prepared($0) }
        case .postgres: try await TestDatabase.withStore { try await withService(on: $0) { try await prepared($0) } }
        }
    }

    private func task(_ id: String, of run: RunID, _ service: ServiceUnderTest) async throws -> TaskID {
        let details = try #require(try await service.store.run(run, of: ServiceUnderTest.acme))
        return try #require(details.tasks.first { $0.definitionID == id }).id
    }

    private func succeed(_ lease: Lease, _ service: ServiceUnderTest) async throws {
        _ = try await service.store.commit(.succeeded(TaskOutput(values: nil)), under: lease, at: service.clock.now)
    }

    @Test("a task that has just succeeded stays as it is", arguments: Store.allCases)
    func succeededTask(store: Store) async throws {
        try await with(store) { service, headers in
            let (run, held) = try await service.failingRun(headers)
            try await succeed(held, service)
            let before = try await service.store.run(run, of: ServiceUnderTest.acme)
            for resolution in ["retry", "skip", "succeed"] {
                let body = #"{"resolution":"\#(resolution)"}"#
                let answer = try await service.post(Paths.resolve(held.task, of: run), headers, json: body)
                #expect(answer.status == .conflict, "\(answer.text)")
            }
            #expect(try await service.store.run(run, of: ServiceUnderTest.acme) == before)
        }
    }

    @Test("a run that ended meanwhile is rerun with the decision, once", arguments: Store.allCases)
    func endedRun(store: Store) async throws {
        try await with(store) { service, headers in
            let (run, held) = try await service.failingRun(headers)
            let pull = try await task("pull", of: run, service)
            try await succeed(held, service)
            try #require(try await service.store.run(run, of: ServiceUnderTest.acme)?.run.state == .failed)
            async let first = service.post(Paths.resolve(pull, of: run), headers, json: #"{"resolution":"skip"}"#)
            async let second = service.post(Paths.resolve(pull, of: run), headers, json: #"{"resolution":"retry"}"#)
            let statuses = try await [first, second].map(\.status.code)
            #expect(Set(statuses) == [201, 409])
            let reruns = try await service.store.reruns(of: run, tenant: ServiceUnderTest.acme, limit: 9)
            let newest = try #require(reruns.first).id
            let rerun = try #require(try await service.store.run(newest, of: ServiceUnderTest.acme))
            #expect(reruns.count == 1 && rerun.resolutions.count == 1)
            #expect(try await service.store.run(run, of: ServiceUnderTest.acme)?.resolutions == [])
        }
    }

    @Test("of two decisions at the same time, one is taken", arguments: Store.allCases)
    func twoDecisions(store: Store) async throws {
        try await with(store) { service, headers in
            for _ in 0..<5 {
                let (run, held) = try await service.failingRun(headers)
                let pull = try await task("pull", of: run, service)
                async let first = service.post(Paths.resolve(pull, of: run), headers, json: #"{"resolution":"skip"}"#)
                async let second = service.post(Paths.resolve(pull, of: run), headers, json: #"{"resolution":"succeed"}"#)
                let statuses = try await [first, second].map(\.status.code)
                #expect(Set(statuses) == [200, 409], "\(statuses)")
                #expect(try await service.store.run(run, of: ServiceUnderTest.acme)?.resolutions.count == 1)
                _ = try await service.send(.post, Paths.stop(run), headers: headers)
                _ = try await service.store.commit(.stopped, under: held, at: service.clock.now)
            }
        }
    }

    @Test("a reason of 10 KB is refused and changes nothing, and one of 1 KiB is kept", arguments: Store.allCases)
    func longReason(store: Store) async throws {
        try await with(store) { service, headers in
            let (run, held) = try await service.failingRun(headers)
            let before = try await service.store.run(run, of: ServiceUnderTest.acme)
            let long = String(repeating: "ü", count: 5_120)
            let pull = Paths.resolve(try await task("pull", of: run, service), of: run)
            for (path, body) in [
                (Paths.stop(run), #"{"reason":"\#(long)"}"#), (pull, #"{"resolution":"skip","reason":"\#(long)"}"#),
                (Paths.pause(of: "cg-daily"), #"{"reason":"\#(long)"}"#),
                (Paths.bulk, #"{"action":"stop","all":true,"parameters":{"reason":"\#(long)"}}"#),
            ] {
                let answer = try await service.post(path, headers, json: body)
                #expect(answer.status == .badRequest && answer.text.contains("10240 bytes"), "\(path): \(answer.text)")
            }
            #expect(try await service.store.run(run, of: ServiceUnderTest.acme) == before)
            let reason = String(repeating: "ü", count: ReasonRule.bytes / 2)
            #expect(try await service.post(Paths.stop(run), headers, json: #"{"reason":"\#(reason)"}"#).status.kind == .successful)
            #expect(try await service.store.run(run, of: ServiceUnderTest.acme)?.stop?.reason == reason)
            _ = try await service.store.commit(.stopped, under: held, at: service.clock.now)
        }
    }

    @Test("runs that others rerun are deleted, and their reruns keep what they took over", arguments: Store.allCases)
    func deletingOriginals(store: Store) async throws {
        try await with(store) { service, headers in
            let (first, second) = (try await service.failedRun(headers), try await service.failedRun(headers))
            let rerun = try await service.post(Paths.rerun(first), headers, json: #"{"from":"failure"}"#)
            let kept = RunID(rawValue: try #require(try rerun.json()["id"]?.string))
            let ids = #"{"action":"delete","ids":["\#(first)","\#(second)"]}"#
            let operation = try await service.requestBulk(ids, headers)
            service.clock.advance(by: .seconds(1))
            // The other run is rerun while both are deleted.
            async let ended = service.endedBulk(operation.id, service.bulkWork())
            async let late = service.post(Paths.rerun(second), headers, json: #"{"from":"failure"}"#)
            #expect(try await ended.counts == BulkCounts(done: 2))
            let answer = try await late
            #expect([201, 404, 409].contains(answer.status.code), "\(answer.text)")
            for id in [first, second] { #expect(try await service.store.run(id, of: ServiceUnderTest.acme) == nil) }
            var reruns = [kept]
            if answer.status == .created { reruns.append(RunID(rawValue: try #require(try answer.json()["id"]?.string))) }
            let claimed = try await service.store.claimTasksOfAllTenants(
                TaskClaim(limit: 9, worker: "test", until: service.clock.now + .seconds(60)), at: service.clock.now)
            for task in claimed {
                _ = try await service.store.commit(.began, under: task.lease, at: service.clock.now)
                try await succeed(task.lease, service)
            }
            for id in reruns {
                let details = try #require(try await service.store.run(id, of: ServiceUnderTest.acme))
                #expect(details.run.state == .succeeded && details.origin.rerunOf == (id == kept ? first : second))
            }
        }
    }

    @Test("a workflow that was deleted is not paused", arguments: Store.allCases)
    func deletedWorkflow(store: Store) async throws {
        try await with(store) { service, headers in
            #expect(try await service.send(.delete, Paths.configuration("cg-daily"), headers: headers).status == .noContent)
            let answer = try await service.post(Paths.pause(of: "cg-daily"), headers, json: #"{"reason":"too late"}"#)
            #expect(answer.status == .notFound)
            #expect(try await service.store.pauses(of: ServiceUnderTest.acme, at: service.clock.now).isEmpty)
        }
    }
}
