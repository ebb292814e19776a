import Testing
import WorkflowModel

@Suite("Parameters of runs")
struct ParameterTests {
    private static func definition(_ members: String) throws -> ParameterDefinition {
        try #require(try read("p: {\(members)}").parameters.first)
    }

    private static func read(_ parameters: String, schedule: String? = nil) throws -> WorkflowConfiguration {
        try Sample.read(text(parameters, schedule: schedule))
    }

    /// Parameters from line 5 on.
    private static func text(_ parameters: String, schedule: String? = nil) -> String {
        let lines = parameters.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        return """
            id: daily
            name: Daily
            type: shop.daily
            parameters:
            \(lines)
            stages: [{name: Only, tasks: [{id: pull, type: shop.pull, command: [pull]}]}]
            \(schedule.map { "schedule: {cron: \"@daily\", \($0)}" } ?? "")
            """
    }

    private static func run(range: TimeWindow? = nil) -> RunContext {
        RunContext(
            id: RunID(rawValue: "wf-1"), tenant: "acme", configuration: "daily", name: "Daily",
            createdAt: Timestamp(milliseconds: 0), mode: .full, range: range)
    }

    private static let day = TimeWindow(from: Timestamp(iso8601: "2026-11-01"), to: Timestamp(iso8601: "2026-11-02"))

    @Test(
        "values are kept in the form of their type",
        arguments: [
            ("type: string", "\"a\"", "\"a\""), ("type: string", "\"\"", "\"\""), ("type: string", "7", nil),
            ("type: string", #""a\u0000""#, nil),
            ("type: integer", "7", "7"), ("type: integer", "\"-7\"", "-7"), ("type: integer", "\"07\"", nil),
            ("type: integer", "7.0", nil), ("type: integer", "9223372036854775808", nil), ("type: integer", "true", nil),
            ("type: number", "1.50", "1.50"), ("type: number", "\"1e3\"", "1e3"), ("type: number", "1e999", nil),
            ("type: number", "\"NaN\"", nil), ("type: number", "3", "3"),
            ("type: boolean", "true", "true"), ("type: boolean", "\"false\"", "false"), ("type: boolean", "\"yes\"", nil),
            ("type: date", "\"2026-11-01\"", "\"2026-11-01\""), ("type: date", "\"2026-02-30\"", nil),
            ("type: date", "\"2026-11\"", nil), ("type: date", "\"2026-11-01T23:00:00-02:00\"", "\"2026-11-02\""),
            ("type: datetime", "\"2026-11-01T06:30+01:00\"", "\"2026-11-01T05:30:00.000Z\""),
            ("type: datetime", "\"noon\"", nil),
            ("type: json", "{\"a\":[1,null]}", "{\"a\":[1,null]}"), ("type: json", "null", "null"),
            ("type: string, enum: [eu, us]", "\"us\"", "\"us\""), ("type: string, enum: [eu, us]", "\"US\"", nil),
            ("type: string, pattern: '[a-z]+'", "\"ab\"", "\"ab\""), ("type: string, pattern: '[a-z]+'", "\"a1\"", nil),
            ("type: string, min_length: 2, max_length: 3", "\"a\"", nil),
            ("type: string, min_length: 2, max_length: 3", "\"éé\"", "\"éé\""),
            ("type: string, min_length: 2, max_length: 3", "\"abcd\"", nil),
            ("type: integer, minimum: 1, maximum: 3", "0", nil), ("type: integer, minimum: 1, maximum: 3", "1", "1"),
            ("type: integer, minimum: 1, maximum: 3", "3", "3"), ("type: integer, minimum: 1, maximum: 3", "4", nil),
            ("type: number, maximum: 0.5", "0.50", "0.50"), ("type: number, maximum: 0.5", "0.51", nil),
            ("type: date, minimum: 2026-11-01", "\"2026-10-31\"", nil),
            ("type: date, minimum: 2026-11-01", "\"2026-11-01\"", "\"2026-11-01\""),
            ("type: datetime, maximum: 2026-11-01T12", "\"2026-11-01T11:59:59Z\"", "\"2026-11-01T11:59:59.000Z\""),
            ("type: datetime, maximum: 2026-11-01T12", "\"2026-11-01T12:00:00.001Z\"", nil),
        ] as [(String, String, String?)])
    func values(members: String, given: String, kept: String?) throws {
        let value = try #require(JSONValue(json: given.utf8))
        #expect(try Self.definition(members).value(of: value)?.text == kept)
    }

    @Test("a value has at most 4096 bytes as JSON")
    func sizeOfValue() throws {
        let definition = try Self.definition("type: string")
        let longest = ParameterLimits.valueBytes - 2
        #expect(definition.value(of: .string(String(repeating: "a", count: longest))) != nil)
        #expect(definition.value(of: .string(String(repeating: "a", count: longest + 1))) == nil)
    }

    @Test("all values together have at most 16384 bytes, and the run does not start with more")
    func sizeOfAll() throws {
        let names = ["a", "b", "c", "d"]
        let configuration = try Self.read(names.map { "\($0): {type: string}" }.joined(separator: "\n"))
        // {"a":"…","b":"…","c":"…","d":"…"}: 29 bytes beside the texts.
        func given(_ extra: Int) -> RunParameters {
            let total = ParameterLimits.bytes - 29 + extra
            return RunParameters(
                names.enumerated().map { index, name in
                    let length = index < 3 ? total / 4 : total - 3 * (total / 4)
                    return (name: name, value: JSONValue.string(String(repeating: "x", count: length)))
                })
        }
        #expect(try configuration.parameters(given: given(0), in: Self.run()).json.text.utf8.count == ParameterLimits.bytes)
        let refusal = #expect(throws: ParameterRefusal.self) { try configuration.parameters(given: given(1), in: Self.run()) }
        #expect(refusal?.message == "The parameters have 16385 bytes together, written as JSON. Accepted: 16384 at most.")
    }

    @Test("a run has the given values and the defaults of others")
    func defaults() throws {
        let configuration = try Self.read(
            """
            day: {type: date, default: "${run.range_from}"}
            region: {type: string, enum: [eu, us], default: eu}
            rows: {type: integer, required: false}
            key: {type: string, default: "${run.tenant}/${run.run_mode}/$${x}"}
            """)
        let bound = try configuration.parameters(
            given: RunParameters([(name: "region", value: "us")]), in: Self.run(range: Self.day))
        #expect(bound.json.text == #"{"day":"2026-11-01","key":"acme/full/${x}","region":"us"}"#)
        // Without a range, the default of the day is not there.
        let withoutRange = try configuration.parameters(given: RunParameters(), in: Self.run())
        #expect(withoutRange.names == ["key", "region"])
    }

    @Test("all problems of a start are named at once")
    func refusals() throws {
        let configuration = try Self.read("day: {type: date}\nrows: {type: integer, minimum: 1}")
        let given = RunParameters([(name: "rows", value: 0), (name: "dya", value: "x")])
        let refusal = #expect(throws: ParameterRefusal.self) { try configuration.parameters(given: given, in: Self.run()) }
        #expect(
            refusal?.message == """
                There is no parameter `dya`. Did you mean `day`? Accepted: `day` and `rows`. The parameter `day` is missing; it must be a \
                date such as 2026-11-01. The parameter `rows` must be a whole number of at least 1, not `0`.
                """)
        let none = try Sample.read(Sample.task("command: [a]"))
        let unknown = #expect(throws: ParameterRefusal.self) { try none.parameters(given: given, in: Self.run()) }
        #expect(unknown?.message.hasPrefix("There is no parameter `dya`: the workflow has none.") == true)
    }

    @Test(
        "wrong parameters are refused with their line",
        arguments: [
            Wrong("a b: {type: string}", 5, "has the name `a b`", "beginning with a letter"),
            Wrong("p: {}", 5, "`type` is missing"), Wrong("p: {type: text}", 5, "`type` must be `string`"),
            Wrong("p: string", 5, "Parameter `p` must be a mapping"),
            Wrong("p: {type: integer, pattern: a}", 5, "`pattern` needs `type: string`"),
            Wrong("p: {type: date, enum: [a]}", 5, "`enum` needs `type: string`"),
            Wrong("p: {type: json, max_length: 1}", 5, "`max_length` needs `type: string`"),
            Wrong("p: {type: string, minimum: 1}", 5, "`minimum` needs a `type` that is `integer`"),
            Wrong("p: {type: integer, minimum: x}", 5, "`minimum` must be a whole number"),
            Wrong("p: {type: integer, minimum: 3, maximum: 2}", 5, "`maximum` must not be less"),
            Wrong("p: {type: string, min_length: 3, max_length: 2}", 5, "`max_length` must not be less"),
            Wrong("p: {type: string, pattern: '(a'}", 5, "but `(a` has, at character 1, a `(` that is not closed"),
            Wrong("p: {type: string, enum: []}", 5, "a list of 1 to 100 texts, not a list of 0"),
            Wrong("p: {type: string, enum: [a, a]}", 5, "`enum` names `a` twice"),
            Wrong("p: {type: integer, default: x}", 5, "`default` must be a whole number"),
            Wrong("p: {type: string, enum: [a], default: b}", 5, "`default` must be `a`"),
            Wrong("p: {type: date, required: true, default: 2026-11-01}", 5, "exclude each other"),
            Wrong("p: {type: date, default: \"${run.range}\"}", 5, "`default` has `${run.range}`, but it can only name `run.id`"),
            Wrong("p: {type: string, default: \"${parameters.q}\"}", 5, "but it can only name"),
            Wrong("p: {type: string, default: \"${HOME}\"}", 5, "`HOME` is not known here", "write `$${`"),
            Wrong("p: {type: string, description: \"\"}", 5, "`description` must be a text"),
        ])
    func wrong(_ wrong: Wrong) {
        wrong.expect(in: Sample.problems(Self.text(wrong.text)))
    }

    @Test("a workflow has at most 50 parameters")
    func count() {
        func problems(_ count: Int) -> [ConfigurationProblem] {
            Sample.problems(Self.text((1...count).map { "p\($0): {type: string, required: false}" }.joined(separator: "\n")))
        }
        #expect(problems(ParameterLimits.count).isEmpty)
        #expect(problems(ParameterLimits.count + 1).map(\.message).joined().contains("50 parameters at most, not 51"))
    }

    @Test(
        "a schedule has all that its runs need",
        arguments: [
            ("p: {type: date}", "catch_up: last", "the parameter `p` needs a value"),
            ("p: {type: date}", "parameters: {q: 1}", "`parameters` has `q`, which is no parameter; accepted are `p`"),
            ("p: {type: date}", "parameters: {p: x}", "`p` must be a date"),
            ("p: {type: date}", "parameters: {p: \"${run.range_from}\"}", "add `range: period`"),
            ("p: {type: date}", "parameters: [p]", "`parameters` must be a mapping"),
            ("p: {type: date}", "range: period, parameters: {p: \"${run.range_from}\"}", nil),
            ("p: {type: date, default: \"${run.range_from}\"}", "range: period", nil),
            ("p: {type: date, default: \"${run.range_from}\"}", "range: none", nil),
            ("p: {type: date, default: 2026-11-01}", "range: none", nil),
            ("p: {type: integer, required: false}", "range: none", nil),
            ("p: {type: datetime}", "parameters: {p: \"${run.scheduled_for}\"}", nil),
        ] as [(String, String, String?)])
    func schedules(parameters: String, schedule: String, problem: String?) {
        let problems = Sample.problems(Self.text(parameters, schedule: schedule))
        guard let problem else {
            #expect(problems.isEmpty, "\(problems)")
            return
        }
        #expect(problems.map(\.line) == [7] || problems.first?.message.contains(problem) == true, "\(problems)")
        #expect(problems.first?.message.contains(problem) == true, "\(problems)")
    }

    @Test("searches look into values, up to their limit")
    func searched() {
        let long = String(repeating: "x", count: ParameterLimits.searchedBytes)
        let texts = RunParameters([
            (name: "a", value: JSONValue.array(["b"])), (name: "b", value: .string(long)), (name: "c", value: "late"),
        ])
        .searchedTexts
        #expect(texts.first == #"["b"]"# && texts.count == 2)
        #expect(texts.reduce(0) { $0 + $1.utf8.count } == ParameterLimits.searchedBytes)
    }

    @Test("the stored form has every value as it was")
    func stored() throws {
        let parameters = RunParameters([(name: "b", value: .number("1.50")), (name: "a", value: "é\n\u{0}")])
        let text = try #require(parameters.storedText)
        #expect(text == #"{"a":"é\n\u0000","b":1.50}"#)
        #expect(RunParameters(storedText: text) == parameters)
        #expect(RunParameters(storedText: "[]") == nil && RunParameters().storedText == nil)
    }
}
