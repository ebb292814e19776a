import Testing
import WorkflowModel

@Suite("JSON values")
struct JSONValueTests {
    @Test(arguments: [
        ("null", JSONValue.null), ("true", .bool(true)), ("false", .bool(false)), ("0", .integer(0)), ("1", .integer(1)),
        ("-9223372036854775808", .integer(.min)), ("9223372036854775807", .integer(.max)), ("1.5", .number(1.5)),
        ("-0.5E-1", .number(-0.05)),
        ("9223372036854775808", .number(9.223372036854775808e18)), ("{\"a\": 1, \"a\": 2}", .object(["a": .integer(2)])),
        ("1e300", .number(1e300)), ("\"\"", .string("")), ("\"true\"", .string("true")), (#""\u00e4\n""#, .string("ä\n")),
        ("[]", .array([])),
        ("{}", .object([:])),
        (" [1, [null], {\"a\": false}] ", .array([.integer(1), .array([.null]), .object(["a": .bool(false)])])),
    ])
    func areReadAsWhatTheyAre(text: String, value: JSONValue) {
        #expect(JSONValue(json: text.utf8) == value)
        #expect(JSONValue(json: value.text.utf8) == value)
    }

    @Test(arguments: [
        "", " ", "x", "{", "[1,]", "{\"a\" 1}", "{'a': 1}", "1 2", "NaN", "\"a", "01", "nul", "1e999", "{\"a\": 1,}", "[1 2]", "1.",
        ".5", "-", "1e", "+1", "0x1", "tru", "// c\n1", "\"\n\"", "\"\\ud800\"", "Infinity",
    ])
    func whatIsNotJSONIsNone(text: String) {
        #expect(JSONValue(json: text.utf8) == nil)
    }

    @Test func bytesThatAreNoUTF8AreNone() {
        #expect(JSONValue(json: [0x22, 0xFF, 0x22]) == nil)
    }

    @Test func nestingIsReadUpToItsLimitAndRefusedBeyond() {
        let nested = { (levels: Int) in String(repeating: "[", count: levels) + String(repeating: "]", count: levels) }
        #expect(JSONValue(json: nested(JSONValue.depthLimit).utf8) != nil)
        #expect(JSONValue(json: nested(JSONValue.depthLimit + 1).utf8) == nil)
        #expect(JSONValue(json: String(repeating: "[", count: 100_000).utf8) == nil)
    }

    @Test func membersAreWrittenInTheOrderOfTheirNames() {
        let value = JSONValue.object(["b": .integer(1), "a": .string("x/y"), "c": .array([.null])])
        #expect(value.text == #"{"a":"x/y","b":1,"c":[null]}"#)
        #expect(JSONText(value).text == value.text)
    }

    @Test func membersAreFoundInObjectsOnly() {
        let value = JSONValue.object(["a": .string("x")])
        #expect(value["a"]?.string == "x" && value["b"] == nil)
        #expect(JSONValue.array([])["a"] == nil && JSONValue.integer(1).string == nil)
    }
}
