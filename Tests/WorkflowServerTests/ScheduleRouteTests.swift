import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("Schedules over the API")
struct ScheduleRouteTests {
    private static let path = Paths.configuration("cg-daily")
    private static let daily = #"schedule: {cron: "30 6 * * *", timezone: America/New_York, range: period, run_mode: source}"#
    private static let several = #"schedules: [{id: a, cron: "@daily"}, {id: b, cron: "@hourly", paused: true}]"#

    private func headers(_ service: ServiceUnderTest, _ members: String) async throws -> HTTPFields {
        let headers = try await service.headers(.admin)
        let text = ServiceUnderTest.configuration() + "\n" + members + "\n"
        let saved = try await service.save(text, as: "cg-daily", headers)
        try #require(saved.status == .created, "\(saved.text)")
        return headers
    }

    @Test("show their coming ticks, with the effect of a change of the clocks")
    func preview() async throws {
        try await withService { service in
            let headers = try await headers(service, Self.daily)
            let response = try await service.get(Self.path + "/schedule?next=2", headers)
            let forecasts = try ScheduleForecast.list(json: Array(response.body.readableBytesView))
            let forecast = try #require(forecasts.first)
            #expect(forecasts.count == 1 && forecast.id == "default" && forecast.cron == "30 6 * * *")
            #expect(forecast.timeZone == "America/New_York" && !forecast.isPaused)
            #expect(forecast.ticks.map(\.instant.iso8601) == ["2024-02-11T11:30:00.000Z", "2024-02-12T11:30:00.000Z"])
            #expect(forecast.ticks.first?.wallTime == "2024-02-11T06:30:00-05:00")
            let none = try await service.get(Self.path + "/schedule?from=2024-03-10T12&to=2024-03-10T13", headers)
            #expect(try ScheduleForecast.list(json: Array(none.body.readableBytesView)).first?.ticks == [])
            let all = try await service.get(Self.path + "/schedule", headers)
            #expect(try ScheduleForecast.list(json: Array(all.body.readableBytesView)).first?.ticks.count == 20)
        }
    }

    @Test("keep a tick's change of the clocks and its note on the wire")
    func clockChanges() async throws {
        try await withService { service in
            let headers = try await headers(service, #"schedule: {cron: "30 2 * * *", timezone: America/New_York}"#)
            let response = try await service.get(Self.path + "/schedule?next=1&from=2024-03-10", headers)
            let tick = try #require(try ScheduleForecast.list(json: Array(response.body.readableBytesView)).first?.ticks.first)
            #expect(tick.change == .moved && tick.note == "02:30 does not exist on 2024-03-10, runs at 03:00")
            #expect(tick.instant.iso8601 == "2024-03-10T07:00:00.000Z")
        }
    }

    @Test("are shown all together or one of them")
    func several() async throws {
        try await withService { service in
            let headers = try await headers(service, Self.several)
            let all = try await service.get(Self.path + "/schedule?next=1", headers)
            let forecasts = try ScheduleForecast.list(json: Array(all.body.readableBytesView))
            #expect(forecasts.map(\.id) == ["a", "b"] && forecasts.map(\.isPaused) == [false, true])
            let one = try await service.get(Self.path + "/schedule?schedule=b", headers)
            #expect(try ScheduleForecast.list(json: Array(one.body.readableBytesView)).map(\.id) == ["b"])
            #expect(
                try await service.get(Self.path + "/schedule?schedule=c", headers).error(.invalid).contains(#"It has "a", "b""#))
            #expect(try await service.get(Self.path + "/schedule?next=1001", headers).error(.invalid).contains("from 1 to 1000"))
            #expect(try await service.get(Self.path + "/schedule?form=2024", headers).error(.invalid).contains("form"))
            let others = try await service.headers(.admin, of: ServiceUnderTest.other)
            #expect(try await service.get(Self.path + "/schedule", others).error(.notFound).contains("no configuration"))
            let plain = try await service.save(ServiceUnderTest.configuration("cg-plain"), as: "cg-plain", headers)
            #expect(plain.status == .created)
            #expect(try await service.get(Paths.configuration("cg-plain") + "/schedule", headers).text == #"{"data":[]}"#)
        }
    }

    @Test("are refused with the line when their zone is unknown")
    func zones() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let text = ServiceUnderTest.configuration() + "\nschedule: {cron: \"@daily\", timezone: Europe/Lundon}\n"
            let message = try await service.save(text, as: "cg-daily", headers).error(.invalid)
            #expect(message.contains(":20:") && message.contains("did you mean `Europe/London`?"))
        }
    }

    @Test("a past tick gets one run, with its time and period, however often the backfill is sent")
    func backfill() async throws {
        try await withService { service in
            let headers = try await headers(service, Self.daily)
            let tick = #"{"scheduled_for":"2024-02-05T11:30"}"#
            let response = try await service.post(Self.path + "/backfill", headers, json: tick)
            #expect(response.status == .created, "\(response.text)")
            let first = try BackfillAnswer(json: Array(response.body.readableBytesView))
            let run = try #require(first.run)
            #expect(first.outcome == .started && first.state == .scheduled)
            #expect(response.headers[.location] == Paths.run(run))
            let details = try #require(try await service.store.run(run, of: ServiceUnderTest.acme))
            #expect(details.origin.scheduledFor == Timestamp(iso8601: "2024-02-05T11:30"))
            #expect(
                details.origin.range
                    == TimeWindow(from: Timestamp(iso8601: "2024-02-04T11:30"), to: Timestamp(iso8601: "2024-02-05T11:30")))
            #expect(details.origin.runMode == .source && details.run.principal.name == "CI")

            let again = try await service.post(Self.path + "/backfill", headers, json: tick)
            #expect(again.status == .ok)
            let second = try BackfillAnswer(json: Array(again.body.readableBytesView))
            #expect(second == BackfillAnswer(outcome: .alreadyStarted, run: run, state: .scheduled, decidedAt: service.clock.now))
            #expect(try await service.store.runs(matching: RunQuery(tenant: ServiceUnderTest.acme, limit: 10)).runs.count == 1)
            let ticks = try await service.store.ticks(matching: TickQuery(tenant: ServiceUnderTest.acme, configuration: "cg-daily"))
            #expect(ticks.ticks.map(\.run) == [run] && ticks.ticks.map(\.isBackfilled) == [true])
        }
    }

    @Test("a tick whose run has ended starts once more, linked to it, and a repeated request starts it once")
    func again() async throws {
        try await withService { service in
            let headers = try await headers(service, Self.daily)
            func ask(_ members: String) async throws -> (answer: BackfillAnswer, status: HTTPResponse.Status) {
                let body = #"{"scheduled_for":"2024-02-05T11:30"\#(members)}"#
                let response = try await service.post(Self.path + "/backfill", headers, json: body)
                return (try BackfillAnswer(json: Array(response.body.readableBytesView)), response.status)
            }
            func again(before: Timestamp, _ members: String = "") async throws -> BackfillAnswer {
                try await ask(#","again_before":"\#(before.iso8601)"\#(members)"#).answer
            }
            #expect(try await ask(#","dry_run":true"#).answer.outcome == .started)
            #expect(
                try await service.store.ticks(matching: TickQuery(tenant: ServiceUnderTest.acme, configuration: "cg-daily")).ticks
                    == [])
            let first = try #require(try await ask(#","run_mode":"full""#).answer.run)
            service.clock.advance(by: .seconds(60))
            let since = try #require(try await ask(#","dry_run":true"#).answer.decidedAt)
            #expect(since == service.clock.now)
            // Its run is under way.
            let underWay = try await again(before: since)
            #expect(underWay == BackfillAnswer(outcome: .underWay, run: first, state: .scheduled, decidedAt: since))
            _ = try await service.send(.post, Paths.stop(first), headers: headers)
            let dry = try await again(before: since, #","dry_run":true"#)
            #expect(dry == BackfillAnswer(outcome: .startedAgain, former: first, decidedAt: since))
            #expect(try await service.store.runs(matching: RunQuery(tenant: ServiceUnderTest.acme, limit: 10)).runs.count == 1)
            // A newer version, which the new run uses.
            let text = ServiceUnderTest.configuration() + "\n" + Self.daily + "\n# newer\n"
            #expect(try await service.save(text, as: "cg-daily", headers).status == .ok)
            let started = try await again(before: since)
            let second = try #require(started.run)
            #expect(started.outcome == .startedAgain && started.former == first && second != first)
            let (old, new) = (
                try #require(try await service.store.run(first, of: ServiceUnderTest.acme)),
                try #require(try await service.store.run(second, of: ServiceUnderTest.acme))
            )
            #expect(new.origin.rerunOf == first && new.origin.range == old.origin.range && new.origin.runMode == .full)
            #expect(new.origin.scheduledFor == old.origin.scheduledFor && new.launchedVersion == new.currentVersion)
            #expect(new.launchedVersion != old.launchedVersion && new.tasks.allSatisfy { $0.keptFrom == nil })
            // Repeated, also after its end: it was started at that time or later.
            #expect(try await again(before: since).outcome == .alreadyStarted)
            _ = try await service.send(.post, Paths.stop(second), headers: headers)
            #expect(try await again(before: since).outcome == .alreadyStarted)
            #expect(try await ask("").answer.outcome == .alreadyStarted)
            // Asked for again, later.
            service.clock.advance(by: .seconds(60))
            let third = try await again(before: service.clock.now, #","run_mode":"source""#)
            #expect(third.outcome == .startedAgain && third.former == second)
            let run = try #require(third.run)
            #expect(try await service.store.run(run, of: ServiceUnderTest.acme)?.origin.runMode == .source)
            let ticks = try await service.store.ticks(matching: TickQuery(tenant: ServiceUnderTest.acme, configuration: "cg-daily"))
            #expect(ticks.ticks.map(\.run) == [run])
            let none = #"{"scheduled_for":"2024-02-05T11:30","run_mode":"refresh","again_before":"2025"}"#
            _ = try await service.send(.post, Paths.stop(run), headers: headers)
            let refused = try await service.post(Self.path + "/backfill", headers, json: none)
            #expect(try refused.error(.conflict).contains("no task in the run_mode refresh"))
        }
    }

    @Test("concurrent backfills of one tick start one run")
    func backfillAtOnce() async throws {
        try await withService { service in
            let headers = try await headers(service, Self.daily)
            let answers = try await withThrowingTaskGroup(of: BackfillAnswer.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let response = try await service.post(
                            Self.path + "/backfill", headers, json: #"{"scheduled_for":"2024-02-05T11:30"}"#)
                        return try BackfillAnswer(json: Array(response.body.readableBytesView))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count(where: { $0.outcome == .started }) == 1)
            #expect(answers.count(where: { $0.outcome == .alreadyStarted }) == 7)
            #expect(Set(answers.map(\.run)).count == 1)
            #expect(try await service.store.runs(matching: RunQuery(tenant: ServiceUnderTest.acme, limit: 10)).runs.count == 1)
        }
    }

    @Test(
        "an invalid backfill is a 400 with the reason, and starts nothing",
        arguments: [
            ("", "is empty"), ("{}", "scheduled_for is missing"), (#"{"scheduled_for":"soon"}"#, "scheduled_for"),
            (#"{"scheduled_for":"2024-02-05T11:31"}"#, "has no tick at 2024-02-05T11:31:00.000Z; its next one is 2024-02-06T11:30"),
            (#"{"scheduled_for":"2024-02-11T11:30"}"#, "in the future"),
            (#"{"scheduled_for":"2024-02-05T11:30","schedule":"x"}"#, #"has no schedule "x". It has "default""#),
            (#"{"scheduled_for":"2024-02-05T11:30","run_mode":"refresh"}"#, "It has tasks in source, full"),
            (#"{"scheduled_for":"2024-02-05T11:30","force":true}"#, "force is unknown"),
            (#"{"scheduled_for":"2024-02-05T11:30","again_before":"soon"}"#, "again_before"),
            (#"{"scheduled_for":"2024-02-05T11:30","dry_run":"yes"}"#, "dry_run"),
        ])
    func wrongBackfill(body: String, words: String) async throws {
        try await withService { service in
            let headers = try await headers(service, Self.daily)
            let message = try await service.post(Self.path + "/backfill", headers, json: body).error(.invalid)
            #expect(message.contains(words), "\(message)")
            #expect(try await service.store.runs(matching: RunQuery(tenant: ServiceUnderTest.acme, limit: 10)).runs.isEmpty)
        }
    }

    @Test("a backfill needs an operator, and the schedule when the configuration has several")
    func rights() async throws {
        try await withService { service in
            let admin = try await headers(service, Self.several)
            let tick = #"{"scheduled_for":"2024-02-05"}"#
            let viewer = try await service.headers(.viewer)
            #expect(try await service.post(Self.path + "/backfill", viewer, json: tick).status == .forbidden)
            #expect(
                try await service.post(Self.path + "/backfill", admin, json: tick).error(.invalid).contains("several schedules"))
            let named = try await service.headers(.operator)
            let response = try await service.post(
                Self.path + "/backfill", named, json: #"{"scheduled_for":"2024-02-05","schedule":"a"}"#)
            #expect(response.status == .created)
        }
    }
}
