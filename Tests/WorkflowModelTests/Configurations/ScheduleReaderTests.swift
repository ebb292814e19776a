import Testing
import WorkflowModel

@Suite("Schedules of configurations")
struct ScheduleReaderTests {
    /// A configuration with members of its own, from line 4 on.
    static func text(_ members: String) -> String {
        """
        id: daily
        name: Daily
        type: shop.daily
        \(members)
        stages:
          - {name: Only, run_modes: [full, refresh], tasks: [{id: pull, type: shop.pull, command: [pull]}]}

        """
    }

    static func problems(_ members: String) -> [ConfigurationProblem] {
        do {
            let source = ConfigurationSource(text: text(members), format: .yaml)
            _ = try ConfigurationReader(zones: SystemScheduleZones()).read(source, file: "daily.yaml")
            return []
        } catch {
            return error.problems
        }
    }

    @Test func oneThatSaysNothingHasTheDefaults() throws {
        let schedule = try #require(try Sample.read(Self.text(#"schedule: {cron: "30 6 * * *"}"#)).schedules.first)
        #expect(schedule == Schedule(cron: try CronExpression("30 6 * * *")))
        #expect(schedule.id == "default" && schedule.timeZone == "UTC" && schedule.catchUp == .last && schedule.catchUpLimit == 50)
        #expect(schedule.overlap == .skip && schedule.window == nil && !schedule.isPaused && schedule.range == .none)
        #expect(try Sample.read(Self.text("run_mode: full")).schedules == [])
    }

    @Test func allMembersAreRead() throws {
        let members = """
            schedule:
              id: nightly
              cron: "@daily"
              timezone: America/Los_Angeles
              catch_up: all
              catch_up_limit: 7
              window: 12h
              overlap: queue
              starts: 2026-11-01T06:30-08:00
              ends: 2027-01-01
              paused: true
              run_mode: refresh
              range: period
            """
        let schedule = Schedule(
            id: "nightly", cron: try CronExpression("@daily"), timeZone: "America/Los_Angeles", catchUp: .all, catchUpLimit: 7,
            window: .seconds(12 * 3_600), overlap: .queue, starts: Timestamp(iso8601: "2026-11-01T14:30"),
            ends: Timestamp(iso8601: "2027-01-01"), isPaused: true, runMode: .refresh, range: .period)
        #expect(try Sample.read(Self.text(members)).schedules == [schedule])
        #expect(Self.problems(members) == [])
    }

    @Test func severalHaveTheirIDs() throws {
        let members = """
            schedules:
              - {id: nightly, cron: "0 1 * * *"}
              - {id: weekly, cron: "0 3 * * sun", run_mode: refresh}
            """
        let schedules = try Sample.read(Self.text(members)).schedules
        #expect(schedules.map(\.id) == ["nightly", "weekly"])
        #expect(schedules.map(\.runMode) == [nil, .refresh])
    }

    @Test(arguments: [
        Wrong("schedule: daily", 4, "The schedule must be a mapping such as"),
        Wrong("schedule: {timezone: UTC}", 4, "The schedule: `cron` is missing"),
        Wrong("schedule: {cron: \"0 0 30 2 *\"}", 4, "would never fire"),
        Wrong("schedule:\n  cron: \"61 * * * *\"", 5, "the minute `61`"),
        Wrong("schedule:\n  cron: */5 * * * *", 5, "begins with `*`", "in quotes"),
        Wrong("schedule: {cron: \"@daily\", timezone: Europe/Lundon}", 4, "did you mean `Europe/London`?"),
        Wrong("schedule: {cron: \"@daily\", timezone: [UTC]}", 4, "`timezone` must be the IANA name"),
        Wrong("schedule: {cron: \"@daily\", time_zone: UTC}", 4, "did you mean `timezone`?"),
        Wrong("schedule: {cron: \"@daily\", catch_up: first}", 4, "`catch_up` must be `none`, `last` or `all`"),
        Wrong("schedule: {cron: \"@daily\", catch_up_limit: 5}", 4, "goes with `catch_up: all`"),
        Wrong("schedule: {cron: \"@daily\", catch_up: all, catch_up_limit: 1001}", 4, "from 1 to 1000"),
        Wrong("schedule: {cron: \"@daily\", window: 12}", 4, "a number needs its unit"),
        Wrong("schedule: {cron: \"@daily\", overlap: queu}", 4, "did you mean `queue`?"),
        Wrong("schedule: {cron: \"@daily\", starts: tomorrow}", 4, "`starts` must be an ISO 8601 date-time"),
        Wrong("schedule: {cron: \"@daily\", starts: 2026-02-01, ends: 2026-02-01}", 4, "`ends` has to be later"),
        Wrong("schedule: {cron: \"@daily\", paused: \"yes\"}", 4, "`paused` must be `true` or `false`"),
        Wrong("schedule: {cron: \"@daily\", run_mode: source}", 4, "in which no stage has a task"),
        Wrong("schedule: {cron: \"@daily\", range: day}", 4, "`range` must be `none` or `period`"),
        Wrong("schedule: {cron: \"@daily\"}\nschedules: [{id: a, cron: \"@daily\"}]", 5, "it has `schedule` and `schedules`"),
        Wrong("schedules: []", 4, "not an empty list"),
        Wrong("schedules: {cron: \"@daily\"}", 4, "not a mapping"),
        Wrong("schedules: [{cron: \"@daily\"}]", 4, "Schedule 1: `id` is missing"),
        Wrong("schedules:\n  - {id: a, cron: \"@daily\"}\n  - {id: a, cron: \"@weekly\"}", 6, "already there in line 5"),
    ])
    func aWrongOneIsComplainedOf(_ wrong: Wrong) {
        wrong.expect(in: Self.problems(wrong.text))
    }

    @Test func thereAreOnlySoMany() {
        let many = "schedules: [" + (0...50).map { "{id: s\($0), cron: \"@daily\"}" }.joined(separator: ", ") + "]"
        #expect(Self.problems(many).map(\.message).first?.contains("there may be 50 schedules at most, not 51") == true)
        let enough = "schedules: [" + (0..<50).map { "{id: s\($0), cron: \"@daily\"}" }.joined(separator: ", ") + "]"
        #expect(Self.problems(enough) == [])
    }

    /// A version that was accepted once is readable where no zone data is.
    @Test func zonesAreCheckedOnlyByWhoAcceptsAConfiguration() throws {
        #expect(
            try Sample.read(Self.text("schedule: {cron: \"@daily\", timezone: Gone/Away}")).schedules.first?.timeZone == "Gone/Away"
        )
    }
}
