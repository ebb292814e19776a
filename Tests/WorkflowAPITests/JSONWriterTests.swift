import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel

@Suite("Writing JSON")
struct JSONWriterTests {
    @Test(
        "escapes only the characters that JSON requires to be escaped",
        arguments: [
            ("plain", #""plain""#),
            ("", #""""#),
            ("say \"hi\"", #""say \"hi\"""#),
            ("back\\slash", #""back\\slash""#),
            ("a/b", #""a/b""#),
            ("line\nreturn\rtab\t", #""line\nreturn\rtab\t""#),
            ("\u{0}\u{1}\u{1F}\u{8}\u{C}", #""\u0000\u0001\u001f\u0008\u000c""#),
            ("Zürich 東京 🚰 \u{7F}\u{2028}", "\"Zürich 東京 🚰 \u{7F}\u{2028}\""),
        ])
    func escapes(value: String, json: String) {
        let written = JSONWriter.document { $0.string(value) }
        #expect(String(buffer: written) == json)
        #expect(JSONValue(json: written.readableBytesView) == .string(value))
    }

    @Test("separates members and elements with commas, and leaves out nil")
    func commas() {
        let written = JSONWriter.document { json in
            json.object { json in
                json.member("absent", nil as String?)
                json.member("a", "x")
                json.member("b", 12)
                json.name("c")
                json.array(of: [1, 2]) { $0.integer($1) }
                json.name("d")
                json.object { _ in }
                json.name("e")
                json.array(of: [] as [Int]) { $0.integer($1) }
                json.name("f")
                json.boolean(true)
                json.name("g")
                json.json(JSONText(validated: #"{"raw": [1,2]}"#))
                json.member("h", Duration.seconds(90))
                json.member("i", Timestamp(milliseconds: 0))
            }
        }
        #expect(
            String(buffer: written)
                == #"{"a":"x","b":12,"c":[1,2],"d":{},"e":[],"f":true,"g":{"raw": [1,2]},"h":90000,"i":"1970-01-01T00:00:00.000Z"}"#
        )
    }
}
