import Testing
import WorkflowModel

@Suite("Schedules of configurations")
struct ScheduleReaderTests {
    /// A configuration with the given members from line 4 on.
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

    @Test func anExpressionInABlockIsReadWithoutItsLineBreak() throws {
        let schedule = try #require(try Sample.read(Self.text("schedule:\n  cron: >\n    30 6 * * *\n")).schedules.first)
        #expect(schedule.cron.text == "30 6 * * *")
    }

    /// An accepted configuration must stay readable.
    @Test func aZoneThatIsRefusedTodayGoesOnWhereItWasAccepted() throws {
        let schedule = try Sample.read(Self.text("schedule: {cron: \"@daily\", timezone: posixrules}")).schedules.first
        #expect(schedule?.timeZone == "posixrules")
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

    static let wrongSchedules = [
        Wrong("schedule: daily", 4, "The schedule must be a mapping such as"),
        Wrong("schedule: {timezone: UTC}", 4, "The schedule: `cron` is missing"),
        Wrong("schedule: {cron: \"0 0 30 2 *\"}", 4, "would never fire"),
        Wrong("schedule:\n  cron: \"61 * * * *\"", 5, "the minute `61`"),
        Wrong("schedule:\n  cron: */5 * * * *", 5, "begins with `*`", "in quotes"),
        Wrong("schedule: {cron: \"@daily\", timezone: Europe/Lundon}", 4, "did you mean `Europe/London`?"),
        Wrong("schedule: {cron: \"@daily\", timezone: [UTC]}", 4, "`timezone` must be the IANA name"),
        Wrong("schedule: {cron: \"@daily\", time_zone: UTC}", 4, "did you mean `timezone`?"),
        Wrong("schedule: {cron: \"@daily\", catch_up: first}", 4, "`catch_up` must be `none`, `last` or `all`"),
        Wrong("schedule: {cron: \"@daily\", catch_up_limit: 5}", 4, "needs `catch_up: all`"),
        Wrong("schedule: {cron: \"@daily\", catch_up: all, catch_up_limit: 1001}", 4, "from 1 to 1000"),
        Wrong("schedule: {cron: \"@daily\", window: 12}", 4, "a number needs its unit"),
        Wrong("schedule: {cron: \"@daily\", overlap: queu}", 4, "did you mean `queue`?"),
        Wrong("schedule: {cron: \"@daily\", starts: tomorrow}", 4, "`starts` must be an ISO 8601 date-time"),
        Wrong("schedule: {cron: \"@daily\", starts: 2026-02-01, ends: 2026-02-01}", 4, "`ends` must be later than `starts`"),
        Wrong("schedule: {cron: \"@daily\", paused: \"yes\"}", 4, "`paused` must be `true` or `false`"),
        Wrong("schedule: {cron: \"@daily\", run_mode: source}", 4, "in which no stage has a task"),
        Wrong("schedule: {cron: \"@daily\", range: day}", 4, "`range` must be `none` or `period`"),
        Wrong(
            "schedule: {cron: \"@daily\"}\nschedules: [{id: a, cron: \"@daily\"}]", 5,
            "`schedule` and `schedules` exclude each other"),
        Wrong("schedule: {cron: \"@daily\", timezone: localtime}", 4, "`localtime` is the local zone of the machine"),
        Wrong("schedule: {cron: \"@daily\", timezone: posixrules}", 4, "`posixrules` is a file of the zone data, not a zone"),
        Wrong("schedule: {cron: \"@daily\", timezone: Factory}", 4, "`Factory` is a file of the zone data, not a zone"),
        Wrong("schedule: {cron: \"@daily\", timezone: tzdata.zi}", 4, "`tzdata.zi` is a file of the zone data, not a zone"),
        Wrong("schedule: {cron: \"@daily\", timezone: right/Europe/Paris}", 4, "write `Europe/Paris`"),
        Wrong("schedule: {cron: \"@daily\", timezone: posix/UTC}", 4, "write `UTC`"),
        Wrong("schedule: {cron: \"@daily\", timezone: PST}", 4, "did you mean `America/Los_Angeles`?"),
        Wrong("schedule: {cron: \"@daily\", timezone: Z}", 4, "did you mean `UTC`?"),
        Wrong("schedule: {cron: \"@every 5m\"}", 4, "write `*/5 * * * *`"),
        Wrong("schedules: []", 4, "not an empty list"),
        Wrong("schedules: {cron: \"@daily\"}", 4, "not a mapping"),
        Wrong("schedules: [{cron: \"@daily\"}]", 4, "Schedule 1: `id` is missing"),
        Wrong("schedules:\n  - {id: a, cron: \"@daily\"}\n  - {id: a, cron: \"@weekly\"}", 6, "already used in line 5"),
    ]

    @Test(arguments: wrongSchedules)
    func aWrongOneIsComplainedOf(_ wrong: Wrong) {
        wrong.expect(in: Self.problems(wrong.text))
    }

    @Test func thereAreOnlySoMany() {
        let many = "schedules: [" + (0...50).map { "{id: s\($0), cron: \"@daily\"}" }.joined(separator: ", ") + "]"
        #expect(Self.problems(many).map(\.message).first?.contains("there may be 50 schedules at most, not 51") == true)
        let enough = "schedules: [" + (0..<50).map { "{id: s\($0), cron: \"@daily\"}" }.joined(separator: ", ") + "]"
        #expect(Self.problems(enough) == [])
    }

    /// An accepted version is readable on a machine without zone data.
    @Test func zonesAreCheckedOnlyByWhoAcceptsAConfiguration() throws {
        #expect(
            try Sample.read(Self.text("schedule: {cron: \"@daily\", timezone: Gone/Away}")).schedules.first?.timeZone == "Gone/Away"
        )
    }
}
