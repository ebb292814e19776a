import Testing
import WorkflowAPI
import WorkflowModel

@testable import WorkflowOperations
@testable import weir

@Suite("Reports of long operations")
struct ReportTests {
    @Test func anImportSaysWhichEndsItCorrected() {
        var corrected = CorrectedEnds()
        #expect(Import.correction(corrected) == nil)
        corrected.add(line: 17)
        #expect(Import.correction(corrected) == "The run in line 17 ended before it began. Its end was set to its beginning.")
        corrected.add(line: 9)
        #expect(
            Import.correction(corrected)
                == "2 runs ended before they began, the first of them in line 9. Their ends were set to their beginnings.")
    }

    private static func ticks(_ count: Int, failed: Int = 0, had: Int = 0) -> [BackfillReport.Tick] {
        (0..<count).map { number in
            BackfillReport.Tick(
                instant: Samples.noon + .seconds(number), outcome: number < had ? .alreadyStarted : .started,
                state: number >= count - failed ? .failed : .succeeded, attribution: number >= count - failed ? .customer : nil)
        }
    }

    @Test func aBackfillCountsItsRuns() {
        let report = BackfillReport(total: 9, ticks: Self.ticks(9, failed: 5, had: 1))
        #expect(report.sentence == "8 runs started, 1 tick already had a run, 5 failed.")
        #expect(report.status == .failedByCustomer)
        let one = BackfillReport(total: 1, ticks: Self.ticks(1))
        #expect(one.sentence == "1 run started." && one.status == .succeeded)
    }

    @Test func anInterruptedBackfillSaysHowToContinue() {
        let report = BackfillReport(total: 9, ticks: Self.ticks(2), isInterrupted: true)
        #expect(report.status == .temporary)
        #expect(
            report.sentence
                == "Interrupted after 2 of 9 ticks: 2 runs started. Started runs continue. Repeat the command to start the remaining ticks."
        )
    }

    @Test func aBackfillOfTicksThatHadRunsSaysWhichStartedAgain() {
        let since = Samples.noon
        func report(_ outcomes: [BackfillAnswer.Outcome]) -> BackfillReport {
            let ticks = outcomes.map { BackfillReport.Tick(instant: since, outcome: $0, state: .failed, attribution: .platform) }
            return BackfillReport(total: 9, ticks: ticks, againBefore: since)
        }
        var all = report([.started, .startedAgain, .startedAgain, .alreadyStarted, .underWay, .waiting])
        #expect(
            all.sentence
                == "1 run started, 2 ticks started again, 1 tick already had a run, 1 under way and left alone, 1 will be started by the schedule, 3 failed."
        )
        #expect(all.status == .failedOtherwise && all.finished == 6)
        all.isInterrupted = true
        #expect(all.sentence.hasSuffix("Repeat the command with --since \(since.iso8601) to start the remaining ticks."))
        // Runs of other commands do not decide the exit code.
        #expect(report([.underWay, .alreadyStarted]).status == .succeeded)
        var dry = BackfillReport(
            total: 2,
            ticks: [BackfillAnswer.Outcome.started, .startedAgain].map { BackfillReport.Tick(instant: since, outcome: $0) },
            isDryRun: true)
        #expect(dry.sentence == "Dry run: 1 run would start, 1 tick would start again." && dry.status == .succeeded)
        dry.ticks = []
        #expect(dry.sentence == "Dry run: 0 runs would start.")
    }

    @Test func aMoveShowsTheChecksums() {
        var contents = StoreContents()
        contents.add(.secrets([TransferredSecret(name: "tokens", value: [1])]))
        let report = MoveReport(source: contents, outcome: .differs(StoreContents()))
        #expect(report.differences == [.secrets])
        #expect(report.table(width: nil).contains(contents[.secrets].checksum))
    }

    @Test(arguments: [(0, "No run was imported."), (20, "The 20 runs of earlier batches stay.")])
    func aFailedImportNamesTheLineAndTheRunsThatStay(runs: Int, words: String) {
        let complaints = LineComplaints(complaints: [LineComplaint(line: 25, message: "the line is not valid JSON")])
        let failure = Import.commandFailure(
            ImportFailure(cause: complaints, totals: ImportTotals(added: runs)), file: "history.ndjson")
        #expect(failure.status == .data)
        #expect(failure.message.contains(words))
        #expect(failure.message.contains("\nhistory.ndjson:25: the line is not valid JSON"))
    }

    @Test(arguments: [
        (OperationError.Code.unreadable, Int32(66)), (.malformed, 65), (.pathTooLong, 78), (.socketNotCreated, 73),
    ])
    func everyFailureOfAnOperationHasItsCode(code: OperationError.Code, status: Int32) {
        #expect(CommandFailure(describing: OperationError(code, "")).status.rawValue == status)
    }
}
