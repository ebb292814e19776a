import Testing
import WorkflowModel

@Suite("Durations in configurations")
struct DurationTextTests {
    @Test(arguments: [
        ("90s", 90_000), ("30m", 1_800_000), ("2h", 7_200_000), ("1d", 86_400_000), ("500ms", 500), ("1h30m", 5_400_000),
        ("1d2h3m4s5ms", 93_784_005), ("1m1ms", 60_001), ("001s", 1_000), ("365d", 31_536_000_000), ("0h1s", 1_000),
    ])
    func areReadWithTheirUnits(text: String, milliseconds: Int64) throws {
        #expect(try Sample.readTask("command: [a]", "timeout: \(text)")?.timeout?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "90", "1.5h", "90 s", "-5s", "s", "5", "5x", "5S", "30m1h", "5s5s", "1h 30m", "12:30", "366d", "365d1ms", "0s", "0h0m",
        "99999999999999999999s", "9223372036854775807d", "１s", "[5s]", "{s: 5}", "PT5S", "\"\"", "1e3s",
    ])
    func areRefusedInOtherForms(text: String) {
        let problems = Sample.problems(Sample.task("command: [a]", "timeout: \(text)"))
        #expect(problems.map(\.line) == [10])
        #expect(problems.first?.message.contains("a duration such as 500ms, 90s, 30m, 2h, 1d or 1h30m") == true)
    }

    @Test func aNumberIsToldToNameItsUnit() {
        let problems = Sample.problems(Sample.task("command: [a]", "timeout: 90"))
        #expect(problems.first?.message.hasSuffix("not `90`; a number needs its unit.") == true)
    }

    @Test func nothingIsEnoughWhereWaitingIsOptional() throws {
        let task = try Sample.readTask("command: [a]", "grace: 0s", "retry: {first_delay: 0ms, max_delay: 0s}")
        #expect(task?.grace == .zero)
        #expect(task?.retry.firstDelay == .zero)
        #expect(task?.retry.maxDelay == .zero)
    }
}
