import Foundation
import Testing
import WorkflowTestKit

@testable import WorkflowModel

@Suite("Masking of secrets")
struct SecretMaskTests {
    private static let password = "p@ss w\"ö\\rd/+?"

    private static func value(_ text: String) throws -> SecretValue { try SecretValue(text) }

    private static func mask(_ texts: String...) throws -> SecretMask { SecretMask(try texts.map(value)) }

    /// A way in which programs and formats write a secret.
    struct Form: Sendable, CustomTestStringConvertible {
        var name: String
        var write: @Sendable (String) -> String

        init(_ name: String, _ write: @escaping @Sendable (String) -> String) {
            self.name = name
            self.write = write
        }

        var testDescription: String { name }

        static func percent(_ text: String, upper: Bool = true, keeping kept: String = "") -> String {
            text.utf8.map { byte in
                let scalar = Character(Unicode.Scalar(byte))
                if byte.isLetterOrDigit || kept.contains(scalar) { return String(scalar) }
                let digits = String(byte, radix: 16, uppercase: upper)
                return "%" + (digits.count == 1 ? "0" : "") + digits
            }.joined()
        }

        static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
    }

    private static let forms: [Form] = [
        Form("plain") { $0 },
        Form("percent-encoded, upper case") { Form.percent($0) },
        Form("percent-encoded, lower case") { Form.percent($0, upper: false) },
        Form("percent-encoded as a component keeps more") { Form.percent($0, keeping: "-_.!~*'()@/?") },
        Form("every byte percent-encoded") { $0.utf8.map { "%" + String(Int($0) + 0x100, radix: 16).dropFirst() }.joined() },
        Form("as a form") { Form.percent($0, keeping: " -_.*").replacing(" ", with: "+") },
        Form("in JSON") { String(JSONValue.string($0).text.dropFirst().dropLast()) },
        Form("in JSON, ASCII only") { text in
            text.utf16.map { unit in
                let isPlain = unit < 0x80 && unit != 0x22 && unit != 0x5C
                return isPlain ? String(UnicodeScalar(UInt8(unit))) : "\\u" + String(Int(unit) + 0x10000, radix: 16).dropFirst()
            }.joined()
        },
        Form("in JSON with escaped slashes") {
            String(JSONValue.string($0).text.dropFirst().dropLast()).replacing("/", with: "\\/")
        },
        Form("base64") { Form.base64($0) },
        Form("base64 of a user and the password") { Form.base64("Aladdin:" + $0) },
        Form("base64 behind one byte") { Form.base64("x" + $0) },
        Form("base64 behind two bytes") { Form.base64("xy" + $0) },
        Form("base64 for URLs") {
            Form.base64($0).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        },
        Form("base64, percent-encoded") { Form.percent(Form.base64($0)) },
        Form("base64 in JSON with escaped slashes") { Form.base64($0).replacing("/", with: "\\/") },
        Form("base64 with line breaks") { text in
            Form.base64(text).enumerated().map { $0 > 0 && $0 % 4 == 0 ? "\r\n\($1)" : "\($1)" }.joined()
        },
    ]

    /// No form of the secret, nor what base64 of a few bytes around it shows of it, is left.
    private static func isMasked(_ output: String, _ form: Form, _ secret: String) -> Bool {
        !output.contains(form.write(secret)) && output.contains("***")
    }

    @Test("a secret is masked in every form, wherever two writes divide it", arguments: forms)
    func dividedAtEveryByte(form: Form) throws {
        let mask = try Self.mask(Self.password)
        let text = Array(("before " + form.write(Self.password) + " behind\n").utf8)
        let whole = mask.masked(String(decoding: text, as: UTF8.self))
        #expect(Self.isMasked(whole, form, Self.password), "\(whole)")
        #expect(whole.hasPrefix("before ") && whole.hasSuffix(" behind\n"), "\(whole)")
        for place in 0...text.count {
            var masker = SecretMasker(mask)
            let output = masker.mask(text[..<place]) + masker.mask(text[place...]) + masker.finish(isCut: false)
            #expect(String(decoding: output, as: UTF8.self) == whole, "divided at \(place)")
        }
        var masker = SecretMasker(mask)
        let single = text.flatMap { masker.mask([$0]) } + masker.finish(isCut: false)
        #expect(String(decoding: single, as: UTF8.self) == whole)
    }

    @Test("a secret is masked in every form on each of two streams, and where they meet", arguments: forms)
    func streams(form: Form) throws {
        let mask = try Self.mask(Self.password)
        let text = Array(("before " + form.write(Self.password) + " behind\n").utf8)
        let whole = mask.masked(text)
        for place in 0...text.count {
            var masker = StreamMasker(mask)
            var pieces = masker.mask(Array("first\n".utf8), from: .stdout)
            for part in [text[..<place], text[place...]] {
                pieces += masker.mask(Array(part), from: .stdout)
                pieces += masker.mask(Array(part), from: .stderr)
            }
            pieces += masker.finish()
            func printed(to stream: TaskStream) -> [UInt8] { pieces.filter { $0.stream == stream }.flatMap(\.bytes) }
            #expect(printed(to: .stdout) == Array("first\n".utf8) + whole, "divided at \(place)")
            #expect(printed(to: .stderr) == whole, "divided at \(place)")
            let together = String(decoding: pieces.flatMap(\.bytes), as: UTF8.self)
            #expect(Self.isMasked(together, form, Self.password), "divided at \(place): \(together)")
            // One part on each stream.
            var divided = StreamMasker(mask)
            pieces = divided.mask(Array("x".utf8), from: .stderr) + divided.mask(Array("y".utf8), from: .stdout)
            pieces += divided.mask(Array(text[..<place]), from: .stdout) + divided.mask(Array(text[place...]), from: .stderr)
            pieces += divided.finish()
            #expect(!String(decoding: pieces.flatMap(\.bytes), as: UTF8.self).contains(form.write(Self.password)))
        }
    }

    @Test func aSecretThatBeginsWhereOnlyOneStreamHasPrintedIsMasked() throws {
        // The end of the first text may be the beginning of one secret, and its last byte that of another one.
        let mask = try Self.mask("abcdefgh", "hxxxxxxx")
        var masker = StreamMasker(mask)
        var pieces = masker.mask(Array("abcdefgh".utf8.prefix(7)), from: .stdout) + masker.mask(Array("z".utf8), from: .stdout)
        #expect(pieces.flatMap(\.bytes) == Array("abcdefgz".utf8))
        masker = StreamMasker(try Self.mask("abcdefghij", "gxxxxxxx"))
        pieces = masker.mask(Array("abcdefg".utf8), from: .stdout)
        pieces += masker.mask(Array("hij and more".utf8), from: .stderr) + masker.finish()
        let text = String(decoding: pieces.flatMap(\.bytes), as: UTF8.self)
        #expect(!text.contains("abcdefghij"), "\(text)")
    }

    @Test("a secret is masked in every form in outputs, errors and warnings, also as a name", arguments: forms)
    func inOutcomes(form: Form) throws {
        let mask = try Self.mask(Self.password)
        let written = form.write(Self.password)
        let values = JSONText(.object([written: .array([.string("a \(written) b"), .integer(1)]), "b": .string("kept")]))
        let error = RunError(
            attribution: .customer, type: "weir.task.command/exit", message: "no \(written)", data: JSONText(.string(written)))
        let outcomes: [TaskOutcome] = [
            .succeeded(TaskOutput(values: values, runID: written, warnings: try TaskWarnings([written, "kept"]))),
            .failed(error, runID: written),
        ]
        for outcome in outcomes {
            let masked = mask.masked(outcome)
            #expect(masked != outcome)
            #expect(!"\(masked)".contains(written))
            // A JSON text escapes it once more.
            #expect(!"\(masked)".contains(JSONValue.string(written).text.dropFirst().dropLast()))
        }
        guard case .succeeded(let output) = mask.masked(outcomes[0]) else { return }
        let text = try #require(output.values?.text)
        #expect(JSONValue(json: text.utf8)?["b"] == .string("kept"))
        #expect(output.warnings.texts.last == "kept")
    }

    @Test("text without a secret stays as it is, byte by byte")
    func unchanged() throws {
        let mask = try Self.mask(Self.password)
        let bytes = (0..<4_096).map { UInt8(truncatingIfNeeded: $0 &* 131 &+ $0 >> 7) }
        #expect(mask.masked(bytes) == bytes)
        for text in ["100% sure, %zz %4", "\\", "\\u12", "C:\\new\\u00", "\\ud83d\\u0041", "a\n\n\n\nb", "%%%41"] {
            #expect(mask.masked(text) == text)
        }
        let json = JSONText(validated: #"{ "a": 1.50, "b": [1e400, "x"] }"#)
        let outcome = TaskOutcome.succeeded(TaskOutput(values: json))
        #expect(mask.masked(outcome) == outcome)
        #expect(SecretMask.none.isEmpty && SecretMask.none.masked("p@ss") == "p@ss")
    }

    @Test("several secrets, also one that begins another one or overlaps it, leave no rest")
    func overlapping() throws {
        let mask = try Self.mask("abcdefgh", "abcdefghij", "ghijklmnop")
        #expect(mask.masked("-abcdefgh-") == "-***-")
        #expect(mask.masked("-abcdefghij-") == "-***-")
        #expect(mask.masked("-abcdefghijklmnop-") == "-***-")
        #expect(mask.masked("-abcdefghabcdefgh-") == "-******-")
        #expect(mask.masked("-abcdefghi-") == "-***i-")
        #expect(mask.masked("abcdefgabcdefgh") == "abcdefg***")
    }

    @Test("each line of a secret with several lines is masked, unless it is short")
    func lines() throws {
        let key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\n  hkiG9w0BAQEFAASC\nshort\n-----END KEY-----\n"
        let mask = try Self.mask(key)
        #expect(mask.masked("log: \(key)") == "log: ***")
        #expect(mask.masked("1: MIIEvQIBADANBgkq\n2: hkiG9w0BAQEFAASC\n3: short") == "1: ***\n2: ***\n3: short")
        #expect(mask.masked(String(key.dropLast())) == "***")
        #expect(mask.masked(key.replacing("\n", with: "\\n")) == "***")
    }

    @Test("a number that is a secret is masked in JSON as a text")
    func numbers() throws {
        let mask = try Self.mask("12345678", "87654321.5")
        let value = JSONValue.object(["pin": .integer(12_345_678), "rate": .number("87654321.5"), "rows": .integer(7)])
        #expect(mask.masked(value) == .object(["pin": .string("***"), "rate": .string("***"), "rows": .integer(7)]))
        let names = JSONValue.object(["12345678": .integer(1), "***": .integer(2)])
        #expect(mask.masked(names) == .object(["***": .integer(1), "****": .integer(2)]))
    }

    @Test("the beginning of a secret at the place where a text is cut is masked as well")
    func cut() throws {
        let mask = try Self.mask("abcdefgh")
        #expect(mask.masked("-abcdef", isCut: true) == "-***")
        #expect(mask.masked("-abcd", isCut: true) == "-***")
        #expect(mask.masked("-abc", isCut: true) == "-abc")
        #expect(mask.masked("-abcdef") == "-abcdef")
    }

    @Test("the bytes that wait are fewer than the longest form of a secret has")
    func bounded() throws {
        let secret = "0123456789abcdef"
        let mask = try Self.mask(secret, "aaaaaaaa")
        var masker = SecretMasker(mask)
        var most = 0
        // Endless repetitions of what could become a secret.
        for piece in ["a", "0123456789abcde", "%", "\\u003", "MDEy\r\n", "\n", "%30%31%32", "\\u0030\\u0031"] {
            for _ in 0..<400 {
                _ = masker.mask(piece.utf8)
                most = max(most, masker.waiting)
            }
        }
        // Six bytes for each byte as an escape of JSON, and in base64 each of 22 characters with an escaped line break behind it.
        #expect(most < 22 * 18)
        #expect(masker.mask("zzzz".utf8).suffix(4) == Array("zzzz".utf8) && masker.waiting == 0)
    }

    @Test("a repetition without end is one secret, and waits for nothing")
    func repetition() throws {
        var masker = SecretMasker(try Self.mask("aaaaaaaa"))
        var output: [UInt8] = []
        for _ in 0..<1_000 {
            output += masker.mask([UInt8](repeating: UInt8(ascii: "a"), count: 100))
            #expect(masker.waiting < 8)
        }
        #expect(output + masker.finish(isCut: false) == Array("***".utf8))
    }

    @Test("random secrets in random text, divided at random, never pass", arguments: 0..<40)
    func random(seed: Int) throws {
        let random = SeededRandom(seed: UInt64(seed) + 1)
        func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        func text(_ count: Int, of letters: String) -> String {
            let letters = Array(letters)
            return String((0..<count).map { _ in letters[pick(letters.count)] })
        }
        // Few letters, so that parts of secrets are everywhere.
        let secrets = (0..<3).map { _ in text(8 + pick(12), of: "ab+/ \"\\é%") }.filter { (try? SecretValue($0)) != nil }
        let mask = SecretMask(try secrets.map(Self.value))
        var whole: [UInt8] = []
        for _ in 0..<60 {
            let form = Self.forms[pick(Self.forms.count)]
            let isNoise = secrets.isEmpty || pick(3) == 0
            whole += (isNoise ? text(pick(20), of: "ab+/ \"\\é%=\n") : form.write(secrets[pick(secrets.count)])).utf8
        }
        let expected = mask.masked(whole)
        var masker = SecretMasker(mask)
        var output: [UInt8] = []
        var place = 0
        while place < whole.count {
            let end = min(whole.count, place + 1 + pick(9))
            output += masker.mask(whole[place..<end])
            place = end
        }
        output += masker.finish(isCut: false)
        #expect(output == expected)
        for secret in secrets { #expect(!String(decoding: output, as: UTF8.self).utf8.contains(secret.utf8)) }
    }
}

extension String.UTF8View {
    fileprivate func contains(_ other: String.UTF8View) -> Bool {
        let (bytes, part) = (Array(self), Array(other))
        guard bytes.count >= part.count else { return false }
        return (0...(bytes.count - part.count)).contains { bytes[$0...].starts(with: part) }
    }
}
