import Testing

@testable import WorkflowModel

@Suite("Conditions")
struct ConditionTests {
    private static let outputs: [String: JSONText] = [
        "check": JSONText(
            validated:
                #"{"rows":3,"share":0.5,"ok":true,"none":null,"name":"eu","files":["a","b",1],"deep":{"x":[{"y":7}]},"empty":[],"day":"2026-11-01"}"#
        ),
        "plain": JSONText(validated: "{}"),
    ]

    private static func values(_ condition: ConditionExpression) -> AttemptValues {
        let run = RunContext(
            id: RunID(rawValue: "wf-1"), tenant: "acme", configuration: "daily", name: "Daily",
            createdAt: Timestamp(milliseconds: 0), mode: .full)
        let parameters = RunParameters([
            (name: "region", value: JSONValue.string("eu")), (name: "rows", value: .integer(3)), (name: "dry", value: .bool(false)),
        ])
        return AttemptValues(of: run, parameters: parameters, outputs: outputs, naming: condition.references)
    }

    @Test(
        "are true or false",
        arguments: [
            ("true", true), ("false", false), ("not false", true), ("not not true", true), ("not(true)", false),
            ("true and false", false), ("true or false", true), ("false or false or true", true),
            ("true and true and false", false),
            // `and` is stronger than `or`, `not` is stronger than both, and a comparison is stronger than `not`.
            ("true or false and false", true), ("(true or false) and false", false), ("not true or true", true),
            ("not 1 == 2", true), ("not 1 in [1]", false), ("1 not in [1]", false),
            ("1 == 1", true), ("1==1.0", true), ("1 != 2", true), ("-1 < 0", true), ("1e3 == 1000", true), ("0.1 < 0.2", true),
            ("2 <= 2", true), ("2 >= 3", false), ("3 > 2", true), ("9223372036854775807 > 9223372036854775806", true),
            ("'a' < 'b'", true), ("\"a\" == 'a'", true), ("'it''s' == \"it's\"", true), ("\"a\"\"b\" != 'a\"b'", false),
            ("'' == ''", true), ("'\u{E9}' == 'e\u{301}'", false), ("'and' == 'and'", true),
            ("null == null", true), ("null != 1", true), ("1 == null", false), ("'a' != null", true),
            ("1 in [1, 2]", true), ("3 in [1, 2]", false), ("'1' in [1]", false), ("1 in []", false), ("null in [null]", true),
            ("[1] in [[1], [2]]", true), ("[1, 2] == [1, 2.0]", true), ("[1] != [2]", true),
            ("${parameters.region} == 'eu'", true), ("${parameters.region} in ['eu', 'us']", true), ("not ${parameters.dry}", true),
            ("${parameters.absent} == null", true), ("${run.run_mode} == 'full'", true), ("${run.range_from} == null", true),
            ("${outputs.check.rows} > 0", true), ("${ outputs.check.rows } == ${parameters.rows}", true),
            ("${outputs.check.share} <= 0.5", true), ("${outputs.check.ok}", true), ("${outputs.check.none} == null", true),
            ("'b' in ${outputs.check.files}", true), ("1.0 in ${outputs.check.files}", true),
            ("'1' in ${outputs.check.files}", false),
            ("${outputs.check.deep.x[0].y} == 7", true), ("${outputs[\"check\"].rows} == 3", true),
            ("${outputs.check['rows']} == 3", true), ("${outputs.check.day} >= '2026-01-01'", true),
            ("${outputs.plain} == ${outputs.plain}", true), ("${outputs.plain} == ${outputs.gone}", true),
            // The right side is not looked at.
            ("false and ${outputs.plain.x} > 1", false), ("true or ${outputs.plain.x} > 1", true),
            ("\n true\tand\r\n true ", true),
        ])
    func results(text: String, expected: Bool) throws {
        let condition = try ConditionExpression(text)
        #expect(try condition.isTrue(Self.values(condition)) == expected)
        // As it is kept with a run.
        let bound = condition.bound(to: Self.values(condition))
        #expect(!bound.references.contains { $0.root != .outputs })
        let kept = try #require(TaskGate(condition, in: Self.values(condition)).expression)
        #expect(kept == bound)
        #expect(try kept.isTrue(Self.values(condition)) == expected)
    }

    @Test(
        "cannot be read",
        arguments: [
            ("", "ends where a value is expected"), ("1 ==", "ends where a value is expected"),
            ("and true", "`and`, which is no value"),
            ("true and", "ends where"), ("(true", "a `(` that is not closed"), ("true)", "cannot be read at `)`"),
            ("[1, 2", "a `[` that"),
            ("[1 2]", "cannot be read at `2]`"), ("'a", "a quote that is not closed"),
            ("1 < 2 < 3", "join two comparisons by `and`"),
            ("1 == 1 in [true]", "join two comparisons"), ("1 in [1] == true", "join two comparisons"),
            ("rows > 1", "`rows`, which is no value"), ("eu == 'eu'", "a text needs quotes"), ("1 = 1", "cannot be read at `= 1`"),
            ("true && false", "cannot be read at `&& false`"), ("!true", "cannot be read at `!true`"),
            ("1 + 1 == 2", "cannot be read at `+ 1"),
            ("len([1])", "`len`, which is no value"), ("1 is 1", "cannot be read at `is 1`"),
            ("true not true", "cannot be read at `not true`"),
            ("$x", "which is no expression"), ("${}", "names no value"), ("${outputs}", "needs a name behind `outputs`"),
            ("${outputs.a", "is not closed by `}`"), ("${HOME} == 1", "`HOME` is not known here"),
            ("${outputs.a.} == 1", "no name behind a dot"),
            ("'${outputs.a.b}' == 'x'", "write `${…}` without quotes"), ("${secrets.x} == 1", "names a secret"),
            ("${response.x} == 1", "only `poll` of an HTTP call"),
            ("01 == 1", "`01`, which is no value"), ("1. == 1", "`1.`, which is no value"), ("NaN == 1", "`NaN`"),
            ("True", "`True`"),
            ("1 ==\u{1F600} 1", "which is no value"), ("ｔrue", "which is no value"), ("{} == 1", "cannot be read at `{}"),
        ])
    func refused(text: String, words: String) {
        let problem = #expect(throws: SubstitutionProblem.self) { try ConditionExpression(text) }
        #expect(problem?.message.contains(words) == true, "\(problem?.message ?? "")")
    }

    @Test(
        "have no result, and say why",
        arguments: [
            ("${outputs.plain.rows} > 0", "`${outputs.plain.rows}` is not there: the task `plain` gave no output `rows`."),
            ("${outputs.gone.rows} > 0", "the task `gone` gave no output `rows`."),
            ("${outputs.check.deep.z} == 1", "`outputs.check.deep` has no `z`."),
            ("${outputs.check.files[3]} == 1", "`outputs.check.files` has 3 items."),
            ("${outputs.check.rows.x} == 1", "`outputs.check.rows` is a number, not a JSON object."),
            ("${outputs.check.deep[0]} == 1", "`outputs.check.deep` is a JSON object, not a list."),
            ("${outputs.check.name} > 1", "it orders a text and a number by `>`"),
            ("${outputs.check.name} == 1", "it compares a text with a number by `==`"),
            ("${outputs.check.none} < 1", "it orders null and a number by `<`"),
            ("${outputs.check.rows}", "it is a number; it must be true or false"),
            ("${outputs.check.rows} and true", "it has a number beside `and`"),
            ("not ${outputs.check.name}", "it has a text beside `not`"),
            ("1 in ${outputs.check.name}", "it has a text behind `in`"),
        ])
    func withoutResult(text: String, words: String) throws {
        let condition = try ConditionExpression(text)
        let fault = #expect(throws: ConditionFault.self) { try condition.isTrue(Self.values(condition)) }
        #expect(fault?.message.hasPrefix("The condition of the task cannot be decided: ") == true)
        #expect(fault?.message.contains(words) == true, "\(fault?.message ?? "")")
    }

    @Test("are nested at most 32 levels deep")
    func depth() throws {
        func nested(_ depth: Int, _ open: String, _ close: String) -> String {
            String(repeating: open, count: depth) + "true" + String(repeating: close, count: depth)
        }
        for (open, close) in [("(", ")"), ("not ", ""), ("[", "]")] {
            #expect(throws: Never.self) { try ConditionExpression(nested(ExpressionLimits.depth, open, close)) }
            let problem = #expect(throws: SubstitutionProblem.self) {
                try ConditionExpression(nested(ExpressionLimits.depth + 1, open, close))
            }
            #expect(problem?.message.contains("more than 32 levels deep") == true)
        }
        let deepest = try ConditionExpression(nested(ExpressionLimits.depth, "(", ")"))
        #expect(deepest == .literal(.bool(true)))
        #expect(try ConditionExpression(nested(ExpressionLimits.depth, "not ", "")).isTrue(Self.values(deepest)))
    }

    @Test("have at most 2000 bytes and name at most 20 values")
    func size() throws {
        let most = "true" + String(repeating: " ", count: ExpressionLimits.conditionBytes - 4)
        #expect(try ConditionExpression(most) == .literal(.bool(true)))
        let longer = #expect(throws: SubstitutionProblem.self) { try ConditionExpression(most + " ") }
        #expect(longer?.message == "has 2001 bytes. Accepted: 2000 at most")
        let names = Array(repeating: "${parameters.dry}", count: ExpressionLimits.conditionNames).joined(separator: " or ")
        #expect(try ConditionExpression(names).references.count == ExpressionLimits.conditionNames)
        let more = #expect(throws: SubstitutionProblem.self) { try ConditionExpression(names + " or ${parameters.dry}") }
        #expect(more?.message == "names more than 20 values")
    }

    @Test("are kept with values of the greatest depth")
    func deepValues() throws {
        var value = JSONValue.bool(true)
        for _ in 0..<JSONValue.depthLimit { value = .array([value]) }
        let open = String(repeating: "not (true and false or ", count: ExpressionLimits.depth / 2)
        let close = String(repeating: ")", count: ExpressionLimits.depth / 2)
        let condition = try ConditionExpression("\(open)${parameters.deep} == ${outputs.a.b}\(close)")
        let run = RunContext(
            id: RunID(rawValue: "wf-1"), tenant: "acme", configuration: "daily", name: "Daily",
            createdAt: Timestamp(milliseconds: 0), mode: .full)
        let values = AttemptValues(
            of: run, parameters: RunParameters([(name: "deep", value: value)]), outputs: ["a": JSONText(validated: #"{"b":null}"#)],
            naming: condition.references)
        let kept = try #require(TaskGate(condition, in: values).expression)
        #expect(try kept.isTrue(values) == condition.isTrue(values))
    }

    @Test(
        "other texts than those of a store have no expression",
        arguments: ["", "true", "[]", "[\"call\",1]", "[\"not\"]", "[\"name\",\"x\"]"])
    func unreadable(text: String) {
        #expect(TaskGate(storedText: text).expression == nil)
        #expect(!TaskGate(storedText: text).isClosed)
        #expect(TaskGate.closed.isClosed && TaskGate.closed.expression == nil)
    }
}
