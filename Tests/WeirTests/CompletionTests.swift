import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowTestKit

@testable import weir

@Suite("Completion in a shell")
struct CompletionTests {
    private static func candidates(_ words: [String], values: [String] = []) -> [String] {
        let word = CompletedWord(["weir", "runs"] + words, words.count + 1, words.last ?? "")
        return SearchCompletion.candidates(for: word, values: values)
    }

    @Test func anEmptyWordHasAllKeys() {
        #expect(Self.candidates([""]) == SearchKey.allCases.map { "\($0.name):" })
    }

    @Test(arguments: [
        (["attr"], "attribution:customer"), (["state:fa"], "state:failed"), (["'state:fa"], "state:failed"),
        (["\"since:yes"], "since:yesterday"), (["'state:failed attri"], "state:failed attribution:platform"),
        (["-stat"], "-state:failed"), (["state\\:fa"], "state:failed"),
    ])
    func keysAndValuesAreCompleted(words: [String], candidate: String) {
        #expect(Self.candidates(words).contains(candidate), "\(Self.candidates(words))")
    }

    /// bash passes `state:fa` as three words and replaces the last one.
    @Test(arguments: [(["state", ":", "fa"], "failed"), (["state", ":"], "failed"), (["-state", ":", "suc"], "succeeded")])
    func bashGetsTheEndOfAWordThatItSplits(words: [String], candidate: String) {
        #expect(Self.candidates(words).contains(candidate), "\(Self.candidates(words))")
    }

    @Test func valuesOfTheServiceAreCompleted() {
        #expect(Self.candidates(["workflow:cg-d"], values: ["cg-daily", "og-d"]) == ["workflow:cg-daily"])
        #expect(Self.candidates(["workflow", ":", "cg-d"], values: ["cg-daily", "og-d"]) == ["cg-daily"])
    }

    /// bash expands candidates.
    @Test(arguments: ["$(reboot)", "`reboot`", "a b", "\"a\"", "'", "~", "*", "a;b", "é", "\\", ""])
    func aValueThatAShellWouldExpandIsLeftOut(value: String) async {
        #expect(Self.candidates(["workflow:"], values: [value, "cg-daily"]) == ["workflow:cg-daily"])
        #expect(
            await ServiceCompletion.values([], environment: [:], time: TestClock()) { _ in [value, "cg-daily"] } == ["cg-daily"])
    }

    @Test func anOptionIsNoTerm() {
        #expect(Self.candidates(["--st"]) == [])
    }

    @Test func theWordAtTheCursorIsNotTheLastOne() {
        let word = CompletedWord(["weir", "runs", "state:fa", "--all"], 2, "--all")
        #expect(word.text == "state:fa")
    }

    @Test(arguments: [
        (["weir", "runs", "--tenant", "acme", "--url=http://a"], ["--tenant", "acme", "--url=http://a"]),
        (["weir", "runs", "--tenant", "--all"], []), (["weir", "runs", "--url"], []),
    ])
    func theServiceIsNamedByTheCommandLine(words: [String], options: [String]) {
        #expect(ServiceCompletion.clientOptions(in: words) == options)
    }

    @Test func aServiceThatCannotBeReachedHasNoValues() async {
        // Port 1 is reserved, so no service listens there.
        let values = await ServiceCompletion.values([], environment: ["WEIR_URL": "http://127.0.0.1:1"], time: TestClock()) {
            try await $0.configurations().map(\.id)
        }
        #expect(values == [])
        #expect(await ServiceCompletion.values([], environment: ["WEIR_URL": "ftp://x"], time: TestClock()) { _ in ["a"] } == [])
    }

    @Test func aSlowServiceIsNotWaitedFor() async {
        let clock = TestClock()
        let never = TestClock()
        async let values = ServiceCompletion.values([], environment: [:], time: clock) { _ in
            try await never.sleep(for: .seconds(60))
            return ["too late"]
        }
        await clock.untilSleeping(for: ServiceCompletion.patience)
        clock.advance(by: ServiceCompletion.patience)
        #expect(await values == [])
    }
}
