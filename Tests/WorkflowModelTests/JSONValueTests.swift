import Testing
import WorkflowModel

@Suite("JSON values")
struct JSONValueTests {
    @Test(arguments: [
        ("null", JSONValue.null), ("true", .bool(true)), ("false", .bool(false)), ("0", .integer(0)), ("1", .integer(1)),
        ("-9223372036854775808", .integer(.min)), ("9223372036854775807", .integer(.max)), ("1.5", .number("1.5")),
        ("-0.5E-1", .number("-0.5E-1")), ("-0", .number("-0")), ("1e999", .number("1e999")),
        ("9223372036854775808", .number("9223372036854775808")), ("10.10", .number("10.10")),
        ("12345678901234567890", .number("12345678901234567890")), ("1e300", .number("1e300")), ("\"a\\u0000\"", .string("a\u{0}")),
        ("\"\"", .string("")), ("\"true\"", .string("true")), (#""\u00e4\n""#, .string("ä\n")),
        ("[]", .array([])),
        ("{}", .object([:])),
        (" [1, [null], {\"a\": false}] ", .array([.integer(1), .array([.null]), .object(["a": .bool(false)])])),
    ])
    func areReadAsWhatTheyAre(text: String, value: JSONValue) {
        #expect(JSONValue(json: text.utf8) == value)
        #expect(JSONValue(json: value.text.utf8) == value)
    }

    @Test(arguments: [
        "", " ", "x", "{", "[1,]", "{\"a\" 1}", "{'a': 1}", "1 2", "NaN", "\"a", "01", "nul", "{\"a\": 1,}", "[1 2]", "1.",
        "{\"a\": 1, \"a\": 2}", "[{\"\\u0061\": 1, \"a\": 1}]", ".5", "-", "1e", "+1", "0x1", "tru", "// c\n1", "\"\n\"",
        "\"\\ud800\"", "Infinity",
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

    @Test func areWrittenAsTheyWereRead() {
        let text = #"{"b":12345678901234567890,"a":"x/y\n\t\u0000\u001f\"\\","c":[null,10.10,1E+400,-0,true],"d":{}}"#
        #expect(JSONValue(json: text.utf8)?.text == text)
        #expect(JSONValue(json: text.utf8).map { JSONText($0).text } == text)
    }

    @Test func membersAreToldApartByTheBytesOfTheirNames() throws {
        let text = "{\"caf\u{E9}\":1,\"cafe\u{301}\":2,\"K\":3,\"\u{212A}\":4}"
        let value = try #require(JSONValue(json: text.utf8))
        #expect(value.text.utf8.elementsEqual(text.utf8))
        #expect(value["cafe\u{301}"] == .integer(2) && value["\u{212A}"] == .integer(4))
        #expect(JSONValue.string("K") != .string("\u{212A}"))
    }

    @Test func objectsAreTheSameInAnyOrderOfTheirMembers() {
        let one = JSONValue.object(["a": .integer(1), "b": .number("1.0")])
        #expect(one == .object(["b": .number("1.0"), "a": .integer(1)]))
        #expect(one.hashValue == JSONValue.object(["b": .number("1.0"), "a": .integer(1)]).hashValue)
        #expect(one != .object(["a": .integer(1), "b": .integer(1)]) && one != .object(["a": .integer(1)]))
        #expect(JSONMembers(["b": .null, "a": .null, "C": .null]).keys == ["C", "a", "b"])
    }

    @Test func membersAreFoundInObjectsOnly() {
        let value = JSONValue.object(["a": .string("x")])
        #expect(value["a"]?.string == "x" && value["b"] == nil)
        #expect(JSONValue.array([])["a"] == nil && JSONValue.integer(1).string == nil)
    }
}
