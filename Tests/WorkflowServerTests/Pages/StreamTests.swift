import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowServer

/// Streams of changes, from the first event to their end. The clock of each test says when they look again.
@Suite struct StreamTests {
    /// Starts a run whose tasks are not claimed.
    private func start(_ browser: BrowserSession, _ service: ServiceUnderTest) async throws -> String {
        _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", try await service.headers(.admin))
        return try #require(try await browser.post("/workflows/cg-daily/run", "once=1").headers[.location])
    }

    @Test func aStreamTellsWhatChangesUntilTheRunIsOver() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.operator, on: service)
            let run = try await start(browser, service)
            async let stream = browser.get(run + "/live")
            await service.clock.untilSleeping(1)
            _ = try await browser.post(run + "/stop")
            service.clock.advance(by: EventStream.interval)
            let answer = try await stream
            #expect(answer.headers[.contentType] == "text/event-stream")
            #expect(answer.text.hasPrefix("retry: 2000\n\nevent: list\ndata: timeline-rows\n"))
            #expect(answer.text.hasSuffix("event: over\ndata: \n\n"))
            let scheduled = try #require(answer.text.range(of: "Scheduled"))
            let stopped = try #require(answer.text.range(of: "Stopped"))
            #expect(scheduled.lowerBound < stopped.lowerBound)
        }
    }

    @Test func aStreamWithNothingToTellShowsThatItIsThereAndEndsWithItsKey() async throws {
        try await withService { service in
            let (browser, key) = try await BrowserSession.signedIn(.viewer, on: service)
            _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", try await service.headers(.admin))
            async let stream = browser.get("/workflows/live")
            for _ in 1...EventStream.checksPerHeartbeat {
                await service.clock.untilSleeping(1)
                service.clock.advance(by: EventStream.interval)
            }
            await service.clock.untilSleeping(1)
            _ = try await service.store.deleteKey(key.id, onlyPreviousSecret: false)
            service.clock.advance(by: EventStream.interval)
            let text = try await stream.text
            #expect(text.split(separator: ": still here\n\n", omittingEmptySubsequences: false).count == 2)
            #expect(!text.contains("event: over"), "a browser would not come back, and not learn that it is signed out")
        }
    }

    @Test func aScheduleIsFollowedAsItsTicksComeAndGo() async throws {
        try await withService { service in
            let (browser, key) = try await BrowserSession.signedIn(.viewer, on: service)
            let text = "schedule: {cron: \"* * * * *\"}\n" + ServiceUnderTest.configuration()
            let admin = try await service.headers(.admin)
            #expect(try await service.save(text, as: "cg-daily", admin).status == .created)
            async let stream = browser.get("/workflows/cg-daily/schedule/live")
            await service.clock.untilSleeping(1)
            let minute = Timestamp(milliseconds: service.clock.now.milliseconds / 60_000 * 60_000)
            let tick = #"{"scheduled_for": "\#(minute.iso8601)"}"#
            #expect(try await service.post(Paths.backfill(of: "cg-daily"), admin, json: tick).status == .created)
            service.clock.advance(by: EventStream.interval)
            await service.clock.untilSleeping(1)
            service.clock.advance(by: .seconds(60))
            await service.clock.untilSleeping(1)
            _ = try await service.store.deleteKey(key.id, onlyPreviousSecret: false)
            service.clock.advance(by: EventStream.interval)
            let regions = try await stream.text.components(separatedBy: "event: region\ndata: ").dropFirst()
            let names = [
                "schedule-actions", "schedule-pause", "coming-ticks", "past-ticks", "triggers", "past-ticks", "coming-ticks",
            ]
            #expect(regions.map { String($0.prefix { $0 != "\n" }) } == names)
            #expect(regions.dropFirst(5).first?.contains("backfilled") == true)
        }
    }

    @Test func aStreamOfRegionsRestsUntilItHasKeptToItsRate() {
        let rate = EventStream.regionBytesPerSecond
        #expect(rate < 20_000)
        #expect(EventStream.rest(after: 0, rate) == EventStream.interval)
        #expect(EventStream.rest(after: rate, rate) == .seconds(1))
        #expect(EventStream.rest(after: 10 * rate, rate) == .seconds(10))
        #expect(EventStream.rest(after: 10 * rate, nil) == EventStream.interval)
    }

    @Test func openStreamsAreCountedAndEndedOnesAreNot() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.operator, on: service)
            let run = try await start(browser, service)
            let (other, _) = try await BrowserSession.signedIn(.viewer, on: service)
            try await withThrowingTaskGroup(of: TestResponse.self) { group in
                for _ in 1...StreamSlots.mostOfOneKey { group.addTask { try await browser.get(run + "/live") } }
                await service.clock.untilSleeping(StreamSlots.mostOfOneKey)
                #expect(try await browser.get(run + "/live").status == .serviceUnavailable)
                #expect(try await browser.get(run + "/live?once=yes").status == .ok, "asking from time to time goes on")
                _ = try await other.post(run + "/stop")
                _ = try await browser.post(run + "/stop")
                #expect(try await other.get(run + "/live").status == .ok, "each key has streams of its own")
                service.clock.advance(by: EventStream.interval)
                for try await answer in group { #expect(answer.text.contains("event: over")) }
            }
            #expect(try await browser.get(run + "/live").status == .ok)
        }
    }

    @Test func whoAsksForNothingButHeadersTakesNoPlace() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.operator, on: service)
            let run = try await start(browser, service)
            _ = try await browser.post(run + "/stop")
            for _ in 1...StreamSlots.mostOfOneKey {
                let answer = try await service.send(.head, run + "/live", headers: [.cookie: browser.cookie])
                #expect(answer.status == .ok && answer.headers[.contentType] == "text/event-stream")
            }
            #expect(try await browser.get(run + "/live").status == .ok)
        }
    }

    @Test func aLogIsFollowedFromWhereAClientStood() async throws {
        try await withService { service in
            let (browser, _) = try await BrowserSession.signedIn(.operator, on: service)
            let run = try await start(browser, service)
            let now = service.clock.now
            let claimed = try await service.store.claimTasksOfAllTenants(
                TaskClaim(limit: 1, worker: "w", until: now + .seconds(60)), at: now)
            let lease = try #require(claimed.first?.lease)
            _ = try await service.store.commit(.began, under: lease, at: now)
            func append(_ text: String, at offset: Int) async throws {
                let chunk = OutputChunk(offset: offset, bytes: Array(text.utf8))
                try await service.store.appendOutput(chunk, under: lease, keepingLast: 1_000)
            }
            try await append("one <b>\n", at: 0)
            let log = run + "/tasks/\(lease.task.rawValue)/log"
            async let stream = browser.get(log + "/live?attempt=1")
            await service.clock.untilSleeping(1)
            try await append("\u{1B}[32mtwo\n", at: 8)
            _ = try await service.store.commit(.succeeded(TaskOutput()), under: lease, at: now)
            service.clock.advance(by: EventStream.interval)
            let text = try await stream.text
            #expect(
                text.contains("event: log\nid: 8...2\ndata: <a class=\"number\" id=\"L1\" href=\"#L1\">1</a> one &lt;b&gt;\n"))
            #expect(text.contains("<span class=\"a32\">two") && text.hasSuffix("event: over\ndata: \n\n"))

            let lastEventID = try #require(HTTPField.Name("Last-Event-ID"))
            // A page of an earlier version does not know the number of its line.
            for (place, number) in [("8.", 1), ("8...2", 2)] {
                let rest = try await browser.get(log + "/live?attempt=1", [lastEventID: place]).text
                #expect(rest.contains("two") && !rest.contains("one") && rest.contains("id=\"L\(number)\""), "\(rest)")
            }
            #expect(try await browser.get(log + "/live?attempt=2").status == .notFound)

            let file = try await browser.get(log + "?attempt=1")
            #expect(file.text == "one <b>\n\u{1B}[32mtwo\n")
            #expect(file.headers[.contentType] == "text/plain; charset=utf-8")
            #expect(file.headers[.contentDisposition] == "attachment; filename=\"\(lease.task.rawValue)-1.log\"")
            let found = try await browser.get(run + "/tasks/\(lease.task.rawValue)?attempt=1&q=ONE").text
            #expect(found.contains("Match 1 of 1") && found.contains(" id=\"match\">one</mark> &lt;b&gt;"))
        }
    }
}
