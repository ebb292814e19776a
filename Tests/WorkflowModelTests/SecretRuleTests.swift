import Testing

@testable import WorkflowModel

@Suite("Rules of secrets")
struct SecretRuleTests {
    @Test(
        "names",
        arguments: [
            ("warehouse", true), ("_x", true), ("A-1_b", true), (String(repeating: "n", count: 64), true), ("", false),
            ("1a", false),
            ("-a", false), ("a.b", false), ("a b", false), ("größe", false), ("a/b", false),
            (String(repeating: "n", count: 65), false), ("a\u{0}", false),
        ])
    func names(name: String, isAccepted: Bool) {
        #expect(SecretRule.accepts(name: name) == isAccepted)
    }

    @Test("the length of a value, without white space around it, has limits on both sides")
    func lengths() throws {
        #expect(throws: SecretValueError.tooShort(bytes: 7)) { try SecretValue("1234567") }
        #expect(throws: SecretValueError.tooShort(bytes: 7)) { try SecretValue("  1234567\n\n") }
        #expect(try SecretValue("12345678").text == "12345678")
        #expect(try SecretValue(" 12345678 ").text == " 12345678 ")
        let longest = String(repeating: "ö", count: SecretRule.longestValue / 2)
        #expect(try SecretValue(longest).text == longest)
        #expect(throws: SecretValueError.tooLong(bytes: SecretRule.longestValue + 1)) { try SecretValue(longest + "x") }
        #expect(throws: SecretValueError.hasNUL) { try SecretValue("1234\u{0}5678") }
    }

    @Test(
        "of a single line, the break at its end is removed",
        arguments: [
            ("password\n", "password"), ("password\r\n", "password"), ("password", "password"), ("password\n\n", "password\n\n"),
            ("-----BEGIN\nkey\n", "-----BEGIN\nkey\n"), ("  password \n", "  password "),
        ])
    func input(text: String, value: String) throws {
        #expect(try SecretValue(input: text.utf8).text == value)
    }

    @Test("input has the same limits")
    func inputLimits() throws {
        let longest = String(repeating: "x", count: SecretRule.longestValue)
        #expect(try SecretValue(input: (longest + "\r\n").utf8).text == longest)
        #expect(throws: SecretValueError.tooLong(bytes: longest.utf8.count + 1)) { try SecretValue(input: (longest + "y\n").utf8) }
        #expect(throws: SecretValueError.notUTF8) {
            try SecretValue(input: [0x70, 0x61, 0xFF, 0x73, 0x73, 0x77, 0x6F, 0x72, 0x64])
        }
    }

    @Test("no description shows a value")
    func descriptions() throws {
        let value = try SecretValue("correct-horse")
        let attempt: [Any] = [value, SecretMask([value]), [value], ["a": value]]
        for one in attempt {
            #expect(!"\(one)".contains("horse") && !String(reflecting: one).contains("horse"))
        }
        var text = ""
        dump(value, to: &text)
        #expect(!text.contains("horse"))
        #expect(!"\(SecretValueError.tooShort(bytes: 3).problem)".isEmpty)
    }
}
