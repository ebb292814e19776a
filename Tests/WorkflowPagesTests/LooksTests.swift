import Testing
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowPages

@Suite("Schedules in words") struct CronWordsTests {
    @Test(arguments: [
        ("30 6 * * 1-5", "every weekday at 06:30"), ("30 2 * * *", "every day at 02:30"),
        ("0 * * * *", "every hour"), ("5 * * * *", "every hour at :05"), ("5,35 * * * *", "every hour at :05 and :35"),
        ("*/15 * * * *", "every 15 minutes"), ("* * * * *", "every minute"),
        ("7-59/7 * * * *", "every 7 minutes from :07 to :56 of each hour"),
        ("0 */2 * * *", "every 2 hours"), ("30 */6 * * *", "every day at 00:30, 06:30, 12:30 and 18:30"),
        ("15 */3 * * *", "every 3 hours at :15"), ("0 1-23/2 * * *", "every 2 hours from 01:00 to 23:00"),
        ("0 0-9 * * *", "every hour from 00:00 to 09:00"),
        ("*/15 9-17 * * 1-5", "every weekday, every 15 minutes from 09:00 to 17:45"),
        ("0 6,18 * * *", "every day at 06:00 and 18:00"), ("0 9 * * 1", "every Monday at 09:00"),
        ("0 9 * * 1,3,5", "every Monday, Wednesday and Friday at 09:00"), ("0 9 * * 1-4", "every Monday to Thursday at 09:00"),
        ("0 4 1 * *", "on day 1 of every month at 04:00"), ("0 4 1-7 * *", "on days 1 to 7 of every month at 04:00"),
        ("0 4 1 1,7 *", "on day 1 of January and July at 04:00"),
        ("0 4 1 */3 *", "on day 1 of January, April, July and October at 04:00"),
        ("0 4 1 3-6 *", "on day 1 of March to June at 04:00"),
        ("0 9 * 12 6,0", "every Saturday and Sunday in December at 09:00"), ("*/15 * * * 1-5", "every weekday, every 15 minutes"),
        ("0 4 13 * 5", "on day 13 of every month, and every Friday, at 04:00"),
        ("0 4 */2 * 5", "every Friday that is on every second day from 1 to 31 of every month at 04:00"),
        // One of both is enough, and every day is one of them.
        ("0 9 1-31 * 1", "every day at 09:00"), ("0 9 */1 * 1", "every Monday at 09:00"),
        // Words would be longer.
        ("1,2,3,5,8 * * * *", "1,2,3,5,8 * * * *"), ("0 1,2,3,5,8 * * *", "0 1,2,3,5,8 * * *"),
    ])
    func anExpressionIsSaidInWords(cron: String, words: String) throws {
        let schedule = Schedule(cron: try CronExpression(cron), timeZone: "America/Los_Angeles")
        #expect(CronWords.text(schedule) == words + " in Los Angeles")
    }

    /// The same words for two different schedules would hide a difference from the reader.
    @Test func differentSchedulesHaveDifferentWords() throws {
        var random = SeededRandom(seed: 19)
        func field(_ range: ClosedRange<Int>) -> String {
            func value() -> Int { Int.random(in: range, using: &random) }
            func step() -> Int { Int.random(in: 1...12, using: &random) }
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1: return "*"
            case 2: return "*/\(step())"
            case 3: return "\(value())"
            case 4: return (0..<3).map { _ in String(value()) }.joined(separator: ",")
            default:
                let (first, second) = (value(), value())
                let range = "\(min(first, second))-\(max(first, second))"
                return Bool.random(using: &random) ? range : "\(range)/\(step())"
            }
        }
        struct Times: Hashable {
            var fields: [UInt64]
            /// Matters only where both fields are restricted.
            var needsBoth: Bool
        }
        var seen: [ExactText: Times] = [:]
        var said = 0
        for _ in 0..<20_000 {
            let text = [field(0...59), field(0...23), field(1...31), field(1...12), field(0...6)].joined(separator: " ")
            guard let cron = try? CronExpression(text), let words = CronWords.text(cron) else { continue }
            said += 1
            let (hasAllDays, hasAllWeekdays) = (cron.days.nonzeroBitCount == 31, cron.weekdays.nonzeroBitCount == 7)
            let isDaily = cron.needsDayAndWeekday ? hasAllDays && hasAllWeekdays : hasAllDays || hasAllWeekdays
            let times = Times(
                fields: [cron.minutes, cron.hours, cron.months] + (isDaily ? [] : [cron.days, cron.weekdays]),
                needsBoth: !hasAllDays && !hasAllWeekdays && cron.needsDayAndWeekday)
            #expect(seen[ExactText(words)].map { $0 == times } ?? true, "\(words): \(text)")
            seen[ExactText(words)] = times
        }
        #expect(said > 2_000)
    }
}

@Suite("The chart of a young history") struct YoungChartTests {
    private static let now = StoreBench.after(0)

    private static func plan(firstRun days: Int) throws -> ChartPlan {
        let plan = try #require(ChartPlan(HistoryAddress(), at: now))
        let first = CountStep.day.start(of: now + .seconds(-86_400 * days))
        return plan.fitted(to: [RunCount(start: first, byState: [.succeeded: 1])], deleted: [])
    }

    @Test(arguments: [(0, 7), (3, 7), (6, 7), (7, 8), (12, 13), (29, 30)])
    func itBeginsWithTheFirstRun(days: Int, bars: Int) throws {
        #expect(try Self.plan(firstRun: days).barCount == bars)
    }

    @Test func itsTitleSaysItsRangeAndOneBarIsAStopOfTheTabKey() throws {
        let plan = try Self.plan(firstRun: 12)
        let counts = [RunCount(start: plan.from, byState: [.failed: 2])]
        let chart = try #require(Chart(plan, counts: counts, isWhole: true, of: HistoryAddress()))
        #expect(chart.title == "Runs by start in the last 13 days, per day")
        #expect(chart.bars.indices.filter { chart.bars[$0].isStop } == [0])
    }
}

@Suite("The tab of a run") struct TabTests {
    @Test(arguments: [
        (RunState.failed, "Failed", "icon-failed"), (.succeeded, "Succeeded", "icon-succeeded"),
        (.inProgress, "In progress", "icon-active"),
    ])
    func itShowsTheState(state: RunState, word: String, icon: String) throws {
        let run = WorkflowRun(
            id: RunID(rawValue: "wf-1"), tenant: StoreBench.acme, name: "Daily", type: "a.b",
            state: state, createdAt: StoreBench.start,
            endedAt: state.hasEnded ? StoreBench.after(1) : nil, principal: StoreBench.someone)
        let page = RunDetailsPage(
            WorkflowRunDetails(run: run), attempts: [], for: LargeRunTests.visitor,
            at: StoreBench.after(2))
        let html = try Pages().document(page, for: LargeRunTests.visitor)
        #expect(
            html.contains("<title>\(word) · Daily · Weir</title>") && html.contains("/\(icon).svg\""))
    }
}
