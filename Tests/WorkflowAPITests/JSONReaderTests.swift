import Testing
import WorkflowAPI
import WorkflowModel

@Suite("Reading JSON")
struct JSONReaderTests {
    @Test(
        "accepts all JSON of RFC 8259",
        arguments: [
            "{}", "[]", "\"\"", "0", "-0", "12", "-1.5e+10", "1E5", "true", "false", "null", " [1 , 2 ] ",
            "\t{\r\n\"a\" : [ { } ] }\n", #""\"\\\/\b\f\n\r\tü\ud83d\ude00""#, "\"é東🚰\"", #"{"a":{"b":[1,{"c":null}]}}"#,
        ])
    func accepts(text: String) throws {
        try JSONReader.read(Array(text.utf8)) { try $0.skip() }
    }

    @Test(
        "refuses everything else",
        arguments: [
            "", " ", "{", "}", "[", "]", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "\"",
            "\"a", "'a'", "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x10", "NaN", "Infinity", "tru", "True", "nul", "{} {}", "1 2",
            "\"\\x\"", "\"\\u12\"", "\"\\u00g0\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\\",
            "\"\\u",
            "\"a\nb\"", "\"a\u{0}b\"", "\u{FEFF}{}", "// x\n{}", "{\"a\":1,\"a\":2}", "[\"\\ud83d\"]",
        ])
    func refuses(text: String) {
        #expect(throws: JSONProblem.self) { try JSONReader.read(Array(text.utf8)) { try $0.skip() } }
        if text.utf8.first != UInt8(ascii: " "), !text.isEmpty {
            #expect(throws: JSONProblem.self) { try JSONReader.read(Array("{\"member\": \(text)}".utf8)) { try $0.skip() } }
        }
    }

    @Test("tells members apart by the bytes of their names, and takes NUL as any other character")
    func namesByBytes() throws {
        var read: [String] = []
        let text = "{\"caf\u{E9}\": 1, \"cafe\u{301}\": 1, \"K\": 1, \"\u{212A}\": 1, \"a\\u0000\": \"\\u0000b\"}"
        try JSONReader.read(Array(text.utf8)) { reader in
            try reader.object { reader, name in
                read.append(name)
                if name.utf8.last == 0 { #expect(try reader.string() == "\u{0}b") } else { try reader.skip() }
            }
        }
        #expect(read.count == 5 && read.last == "a\u{0}")
        let twice = "{\"cafe\u{301}\": 1, \"caf\\u0065\u{301}\": 1}"
        #expect(throws: JSONProblem.self) { try JSONReader.read(Array(twice.utf8)) { try $0.skip() } }
    }

    @Test(
        "refuses bytes that are not UTF-8",
        arguments: [[0xFF], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]])
    func invalidUTF8(bytes: [UInt8]) {
        #expect(throws: JSONProblem.self) { try JSONReader.read([0x22] + bytes + [0x22]) { try $0.skip() } }
        #expect(throws: JSONProblem.self) { try JSONReader.read([0x22] + bytes + [0x5C, 0x6E, 0x22]) { try $0.string() } }
        #expect(throws: JSONProblem.self) { try JSONReader.read(bytes) { try $0.skip() } }
    }

    @Test("goes no deeper than its limit, for arrays and objects alike")
    func depth() throws {
        func nested(_ open: String, _ close: String, _ count: Int) -> [UInt8] {
            Array((String(repeating: open, count: count) + "1" + String(repeating: close, count: count)).utf8)
        }
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            try JSONReader.read(nested(open, close, JSONReader.depthLimit)) { try $0.skip() }
            let problem = #expect(throws: JSONProblem.self) {
                try JSONReader.read(nested(open, close, JSONReader.depthLimit + 1)) { try $0.skip() }
            }
            #expect(problem?.description.contains("64 levels") == true)
            #expect(throws: JSONProblem.self) { try JSONReader.read(nested(open, close, 100_000)) { try $0.skip() } }
        }
    }

    @Test("survives every way to cut a valid text short, and every altered byte")
    func fuzz() throws {
        let text = Array(#"{"id":"wf-1","n":[1,-2.5e3,true,null,"é\u00fc\ud83d\ude00"],"o":{"p":{}}}"#.utf8)
        for length in 0..<text.count {
            #expect(throws: JSONProblem.self) { try JSONReader.read(Array(text[..<length])) { try $0.skip() } }
        }
        for index in text.indices {
            for byte in [0x00, 0x22, 0x2C, 0x5C, 0x5D, 0x7D, 0x80, 0xFF] as [UInt8] {
                var altered = text
                altered[index] = byte
                // The reader must not crash, and must agree with a reader of whole trees about invalid structure.
                _ = try? JSONReader.read(altered) { try $0.skip() }
            }
        }
        #expect(try JSONReader.read(text) { try $0.json().text.utf8.count } == text.count)
    }

    @Test("refuses numbers that do not fit")
    func integers() throws {
        #expect(try JSONReader.read(Array("-12".utf8)) { try $0.integer() } == -12)
        for text in ["1.0", "1e3", "9223372036854775808", "\"1\"", "true", "null"] {
            #expect(throws: JSONProblem.self) { try JSONReader.read(Array(text.utf8)) { try $0.integer() } }
        }
    }

    @Test("names the place of the problem")
    func places() {
        let problem = #expect(throws: JSONProblem.self) {
            try JSONReader.read(Array(#"{"a": [1, {"b": "x"}]}"#.utf8)) { reader in
                try reader.object { reader, _ in
                    var isFirst = true
                    _ = try reader.array { reader in
                        defer { isFirst = false }
                        if isFirst {
                            _ = try reader.integer()
                            return
                        }
                        try reader.object { reader, _ in _ = try reader.integer() }
                    }
                }
            }
        }
        #expect(problem?.description == "a[1].b: is not an integer")
    }
}
