import Testing
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowPages

@Suite("Schedules in words") struct CronWordsTests {
    @Test(arguments: [
        ("30 6 * * 1-5", "every weekday at 06:30 Los Angeles"),
        ("30 2 * * *", "every day at 02:30 Los Angeles"),
        ("0 * * * *", "every hour Los Angeles"), ("5 * * * *", "every hour at :05 Los Angeles"),
        ("*/15 * * * *", "every 15 minutes Los Angeles"), ("* * * * *", "every minute Los Angeles"),
        ("0 6,18 * * *", "every day at 06:00 and 18:00 Los Angeles"),
        ("0 9 * * 1", "every Monday at 09:00 Los Angeles"),
        ("0 9 * * 1,3,5", "every Monday, Wednesday and Friday at 09:00 Los Angeles"),
        ("0 4 1 * *", "on day 1 of every month at 04:00 Los Angeles"),
        ("0 4 1 1,7 *", "on day 1 of January and July at 04:00 Los Angeles"),
        ("0 9 * 12 6,0", "every Saturday and Sunday in December at 09:00 Los Angeles"),
        ("*/15 * * * 1-5", "every 15 minutes, every weekday Los Angeles"),
        // Words would be longer, or unclear.
        ("0 4 13 * 5", "0 4 13 * 5 Los Angeles"), ("7-59/7 * * * *", "7-59/7 * * * * Los Angeles"),
        ("0 0-9 * * *", "0 0-9 * * * Los Angeles"),
    ])
    func anExpressionIsSaidInWords(cron: String, words: String) throws {
        let schedule = Schedule(cron: try CronExpression(cron), timeZone: "America/Los_Angeles")
        #expect(CronWords.text(schedule) == words)
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
