import Foundation
import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel

@testable import weir

@Suite("Counts, exports and notes of lists")
struct RunOutputTests {
    private static let place = Samples.at("2025-10-03T14:02:11Z")

    @Test(arguments: [
        (RunSort(by: .created), SearchPlace.time(place), "Searched back to 3 Oct 2025 14:02 UTC."),
        (RunSort(by: .created, .ascending), .time(place), "Searched up to 3 Oct 2025 14:02 UTC."),
        (RunSort(by: .ended), .time(place), "Searched back to runs that ended at 3 Oct 2025 14:02 UTC."),
        (RunSort(by: .runtime), .runtime(.seconds(65)), "Searched down to runs of 1m 05s."),
        (RunSort(by: .runtime, .ascending), .runtime(.seconds(65)), "Searched up to runs of 1m 05s."),
    ])
    func aPageThatEndedEarlySaysHowFarTheSearchHasCome(sort: RunSort, place: SearchPlace, words: String) {
        let sentence = SearchNote.sentence(place, sort: sort, search: "it's", nextToken: "t1")
        #expect(sentence == "\(words) More runs may match. Use --all to search on, or: weir runs 'it'\\''s' --next-token t1")
    }

    @Test func aFullPageSaysHowToGoOn() {
        #expect(
            SearchNote.sentence(nil, sort: RunSort(by: .created), search: "", nextToken: "t1")
                == "More runs exist. Use --all, or: weir runs --next-token t1")
        #expect(
            SearchNote.progress(.time(Self.place), sort: RunSort(by: .created), found: 1_200)
                == "searched back to 3 Oct 2025 14:02 UTC, 1,200 runs found")
    }

    @Test(arguments: [
        (RunTotal.exactly(1), "1 run matches."), (.exactly(1_200), "1,200 runs match."),
        (.moreThan(120_000), "More than 120,000 runs match."),
        (.moreThan(0), "The number of matching runs is unknown: counting them takes too long."),
    ])
    func aTotalMayBeALowerBound(total: RunTotal, sentence: String) {
        #expect(total.sentence == sentence)
    }

    // MARK: Counts

    private static let facets = RunFacets(
        total: .exactly(47),
        values: [
            .attribution: [.init(text: "customer", runs: 41), .init(text: "platform", runs: 4)],
            .configuration: [.init(text: "cg-daily", runs: 30), .init(text: "cg-hourly", runs: 9)],
            .state: [.init(text: "failed", runs: 47)], .principal: [],
        ])

    @Test func countsAreAlignedAndHaveTheirShare() {
        #expect(
            FacetTables.text(Self.facets, in: [.state, .attribution], limit: 20, width: nil) == """
                STATE   RUNS  SHARE
                Failed    47   100%

                ATTRIBUTION  RUNS  SHARE
                customer       41    87%
                platform        4   8.5%
                (none)          2   4.3%
                """)
    }

    @Test func valuesBeyondTheLimitAreOneRow() {
        let text = FacetTables.text(Self.facets, in: [.configuration], limit: 2, width: nil)
        #expect(text.hasSuffix("\n(others)      8    17%"))
        #expect(FacetTables.text(Self.facets, in: [.principal], limit: 2, width: nil).hasSuffix("\n(none)       47   100%"))
    }

    @Test func anIncompleteCountSaysWhichRunsWereCounted() {
        #expect(FacetTables.sentence(.exactly(0), hasWindow: false) == "No run matches.")
        #expect(FacetTables.sentence(.exactly(47), hasWindow: true) == "47 runs match.")
        let counted = "More than 120,000 runs match. The search ended early: the newest 120,000 are counted. "
        #expect(
            FacetTables.sentence(.moreThan(120_000), hasWindow: false)
                == counted + "A window of time, such as since:7d, counts all of its runs.")
        #expect(
            FacetTables.sentence(.moreThan(120_000), hasWindow: true)
                == counted + "A shorter window of time counts all of its runs.")
    }

    @Test(arguments: [
        (0, 0, "–"), (0, 5, "0%"), (5, 5, "100%"), (1, 3, "33%"), (1, 11, "9.1%"), (1, 100_000, "0.1%"),
        (999_999, 1_000_000, "99.9%"),
    ])
    func sharesNeverSayNoneOrAllOfAPart(part: Int, whole: Int, text: String) {
        #expect(HumanText.share(part, of: whole) == text)
    }

    // MARK: Files

    @Test func aFileHasItsNameWhenItIsComplete() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/runs.csv"
        let file = try OutputFile(path)
        try file.write(Array("one\n".utf8))
        #expect(!FileManager.default.fileExists(atPath: path))
        try file.write(Array("two\n".utf8))
        try file.finish()
        file.discard()
        #expect(directory.text(of: "runs.csv") == "one\ntwo\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["runs.csv"])
    }

    @Test func anUnfinishedFileLeavesNothingAndReplacesNothing() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("before", to: "runs.csv")
        do {
            let file = try OutputFile(path)
            try file.write(Array("half".utf8))
        }
        #expect(directory.text(of: "runs.csv") == "before")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["runs.csv"])
        let file = try OutputFile(path)
        try file.write(Array("after".utf8))
        try file.finish()
        #expect(directory.text(of: "runs.csv") == "after")
    }

    @Test func aLinkStaysALink() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("before", to: "target")
        let link = directory.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        let file = try OutputFile(link)
        try file.write(Array("after".utf8))
        try file.finish()
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
        #expect(directory.text(of: "target") == "after")
    }

    @Test func aDeviceIsWrittenAndNotReplaced() throws {
        let file = try OutputFile("/dev/full")
        #expect {
            try file.write([1])
        } throws: { ($0 as? CommandFailure)?.status == .cannotWrite }
        file.discard()
        #expect(FileManager.default.fileExists(atPath: "/dev/full"))
    }

    @Test(arguments: [("/", "it is a directory"), ("/nowhere/runs.csv", "its directory does not exist")])
    func aFileThatCannotBeCreatedIsReported(path: String, reason: String) {
        #expect {
            _ = try OutputFile(path)
        } throws: { error in
            let failure = error as? CommandFailure
            return failure?.status == .cannotCreate && failure?.message == "\(path) cannot be created: \(reason)."
        }
    }

    @Test(arguments: [
        (RunExportFormat.ndjson, ["{}\n{}", "\n"], 2), (.csv, ["id,error\n"], 0),
        (.csv, ["id,error\nwf-1,\"a\nb", "\"\"c\n\"\n"], 1),
        (.csv, ["id\n1\n2\n"], 2), (.csv, [], 0),
    ])
    func runsAreCountedWhileTheyPass(format: RunExportFormat, pieces: [String], runs: Int) {
        var rows = RowCounter(format)
        for piece in pieces { rows.add(Array(piece.utf8)) }
        #expect(rows.runs == runs)
    }
}
