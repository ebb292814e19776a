import Testing
import WorkflowModel

@Suite("Reading cron expressions")
struct CronExpressionTests {
    @Test(arguments: [
        ("0 0 * * 0", "0 0 * * 7"), ("0 0 * * sun", "0 0 * * 0"), ("0 0 * * MON-Fri", "0 0 * * 1-5"),
        ("0 0 * * fri-sun", "0 0 * * 0,5,6"), ("0 0 1 jan,Dec *", "0 0 1 1,12 *"), ("1-9/4 * * * *", "1,5,9 * * * *"),
        ("  5\t4  * * * ", "5 4 * * *"), ("@Daily", "@midnight"), ("@annually", "0 0 1 1 *"), ("@weekly", "0 0 * * 7"),
        ("0 0 * 1-12/6 *", "0 0 * 1,7 *"), ("00 09 * * *", "0 9 * * *"),
    ])
    func theseMeanTheSame(one: String, other: String) throws {
        let (one, other) = (try CronExpression(one), try CronExpression(other))
        #expect(one.minutes == other.minutes && one.hours == other.hours && one.days == other.days)
        #expect(one.months == other.months && one.weekdays == other.weekdays)
    }

    /// A block of YAML ends with a line break.
    @Test(arguments: ["30 6 * * *\n", "\n 30 6 * * * \r\n", "30 6 *\n"]) func spaceAroundItIsNoPartOfIt(text: String) throws {
        guard text != "30 6 *\n" else {
            let problem = try #require(throws: CronProblem.self) { try CronExpression(text) }
            #expect(problem.message.hasPrefix("`30 6 *` has 3 fields"))
            return
        }
        #expect(try CronExpression(text) == CronExpression("30 6 * * *"))
    }

    @Test(arguments: [
        ("* 2 * * *", true), ("*/5 2 * * *", true), ("0 * * * *", true), ("0 */2 * * *", true), ("7,*/20 2 * * *", true),
        ("0 2 * * *", false), ("0-59 0-23 * * *", false), ("0-59/5 2 * * *", false), ("@daily", false), ("@hourly", true),
    ])
    func aStarInMinuteOrHourFollowsTheClock(text: String, follows: Bool) throws {
        #expect(try CronExpression(text).followsTheClock == follows)
    }

    @Test(arguments: [
        ("", "has 0 fields; a cron expression has five", ""), ("* * * *", "has 4 fields", ""),
        ("0 0 6 * * *", "seconds and years are not supported", ""),
        ("60 * * * *", "the minute `60`", "from 0 to 59"), ("* 24 * * *", "the hour `24`", "from 0 to 23"),
        ("* * 0 * *", "the day of the month `0`", "from 1 to 31"), ("* * * 13 *", "the month `13`", "a name such as `feb`"),
        ("* * * * 8", "the weekday `8`", "from 0 to 7"), ("* * * * mond", "the weekday `mond`", ""),
        ("mon * * * *", "the minute `mon`", ""),
        ("* * * * -1", "the weekday `-1`", ""), ("1,,2 * * * *", "the minute `1,,2`", ""), ("? * * * *", "the minute `?`", ""),
        ("* * L * *", "the day of the month `L`", ""), ("*/0 * * * *", "the step of the minute in `*/0`", "from 1 to 59"),
        ("*/90 * * * *", "the step of the minute", ""), ("*/x * * * *", "the step of the minute", ""),
        ("5/15 * * * *", "write `5-59/15` or `*/15`", ""), ("* 22-4 * * *", "runs backwards; write `22-23,0-4`", ""),
        ("@reboot", "`@reboot` is not accepted", "`@hourly`"), ("@dayly", "`@dayly` is unknown", "`@annually`"),
        ("@daily 5", "must stand alone", ""), ("0 0 30 2 *", "would never fire", ""), ("0 0 31 4,6,9,11 *", "would never fire", ""),
        ("0 0 31 feb */2", "would never fire", ""), ("1\n2 * * * *", "has 2 lines", "`schedules`"),
        ("+1 * * * *", "the minute `+1`", ""),
        ("@every 5m", "`@every 5m` is not accepted", "write `*/5 * * * *`"), ("@every 2h", "", "write `0 */2 * * *`"),
        ("@every 1h30m", "", "the interval must divide an hour or a day"),
        ("@every 10s", "", "the shortest interval is one minute"),
        ("@Every", "is not accepted", "`*/5 * * * *`"), ("@every 24h", "", "write `0 0 * * *`"),
        ("@every 1m", "", "write `* * * * *`"),
        (
            "TZ=Europe/Berlin 30 6 * * *", "`TZ=Europe/Berlin` is not part of the expression",
            "`cron: \"30 6 * * *\"` and `timezone: Europe/Berlin`"
        ),
        ("CRON_TZ=UTC @daily", "`CRON_TZ=UTC` is not part of the expression", "`cron: \"@daily\"` and `timezone: UTC`"),
        ("daily", "`daily` has one field; write `@daily`", "a cron expression has five"),
        ("5", "`5` has one field; a cron expression has five", ""),
        ("0 30 6 * * *", "has 6 fields", "seconds and years are not supported, so perhaps `30 6 * * *`"),
        ("0 0 12 ? * mon-fri *", "has 7 fields", "so perhaps `0 12 * * mon-fri`"),
        ("0 12 * * fri#2", "the weekday `fri#2` is not accepted", "`#`"),
        ("0 6 * * *\n0 7 * * *\n", "the expression has 2 lines", "`schedules`"),
        ("H 6 * * *", "the minute `H` is not accepted", ""),
    ])
    func aWrongOneIsRefusedInASentence(text: String, words: String, more: String) throws {
        let problem = try #require(throws: CronProblem.self) { try CronExpression(text) }
        #expect(problem.message.contains(words))
        #expect(problem.message.contains(more) || more.isEmpty)
    }
}
