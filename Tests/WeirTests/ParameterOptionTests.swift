import ArgumentParser
import Foundation
import ProgramTestKit
import Testing
import WorkflowModel

@testable import weir

@Suite("--param")
struct ParameterOptionTests {
    private static func start(_ words: [String]) throws -> Start {
        try #require(try Weir.parseAsRoot(["start", "cg-daily"] + words.flatMap { ["--param", $0] }) as? Start)
    }

    @Test("gives texts and JSON values")
    func values() throws {
        let verb = try Self.start(["day=2026-11-01", "more:={\"a\":[1,null]}", "empty=", "text=a=b"])
        #expect(
            try verb.parameters.values().json.text
                == #"{"day":"2026-11-01","empty":"","more":{"a":[1,null]},"text":"a=b"}"#)
        #expect(try Weir.parseAsRoot(["backfill", "cg-daily", "--month", "2024-10", "--param", "a=1"]) is Backfill)
    }

    @Test(
        "refuses other forms, and names what is accepted",
        arguments: [
            (["day"], "name=value, name:=JSON or @file.json"), (["=1"], "Accepted: name=value"), (["1a=1"], "Accepted: name=value"),
            (["@"], "Accepted: name=value"), (["a:=x"], "x is not a JSON value. For a text, write a=value."),
            (["a=1", "a:=2"], "gives a twice"), ((0...ParameterLimits.count).map { "p\($0)=1" }, "50 parameters at most"),
        ])
    func refused(words: [String], message: String) throws {
        let error = #expect(throws: (any Error).self) { try Self.start(words) }
        #expect(error.map(Weir.message(for:))?.contains(message) == true, "\(error.map(Weir.message(for:)) ?? "")")
    }

    @Test("reads files, whose values those on the command line replace")
    func files() throws {
        let directory = try TemporaryDirectory()
        func file(_ name: String, _ text: String) throws -> String {
            let path = "\(directory.path)/\(name)"
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            return "@\(path)"
        }
        let first = try file("a.json", #"{"day":"2026-11-01","rows":1}"#)
        let second = try file("b.json", #"{"rows":2,"dry":true}"#)
        #expect(
            try Self.start(["dry=no", first, second]).parameters.values().json.text == #"{"day":"2026-11-01","dry":"no","rows":2}"#)
        for (text, message) in [
            ("[1]", "has to be a JSON object"), ("{", "is not valid JSON"), (#"{"a b":1}"#, "have the name `a b`"),
        ] {
            let wrong = try Self.start([try file("wrong.json", text)])
            let failure = #expect(throws: CommandFailure.self) { try wrong.parameters.values() }
            #expect(failure?.message.contains(message) == true, "\(failure?.message ?? "")")
        }
        let missing = try Self.start(["@\(directory.path)/none.json"])
        #expect(throws: CommandFailure.self) { try missing.parameters.values() }
        let large = try Self.start([try file("large.json", String(repeating: " ", count: ParameterLimits.bytes + 1))])
        let tooLarge = #expect(throws: CommandFailure.self) { try large.parameters.values() }
        #expect(tooLarge?.message.contains("16384 bytes") == true)
    }
}
