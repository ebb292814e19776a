import Testing

@Suite("What a file may hold")
struct FileRules {
    static let longest = 400

    /// What no line of code may say, and where it may all the same.
    struct Forbidden: Sendable {
        var words: [String]
        var because: String
        /// Makes a line that has it innocent.
        var unless: String?
        var exceptIn: [String] = []
        var inTestsToo = true

        func isBroken(by line: Substring) -> Bool {
            guard words.contains(where: { line.contains($0) }) else { return false }
            return !(unless.map { line.contains($0) } ?? false)
        }
    }

    private static let ports = "Sources/WorkflowModel/Ports/TimeSource.swift"

    // Words are written in pieces so that this file does not break its own rules.
    static let forbidden = [
        Forbidden(words: ["try" + "! "], because: "a failure is thrown or handled"),
        Forbidden(words: [" as" + "! "], because: "a cast that may fail says what then"),
        Forbidden(words: ["fatal" + "Error("], because: "nothing takes the service down on purpose"),
        Forbidden(
            words: ["@unchecked" + " Sendable", "nonisolated(" + "unsafe)"], because: "the compiler proves it, or a Mutex does"),
        Forbidden(
            words: [" Date" + "()", "(Date" + "()", "Date." + "now"], because: "time comes from a TimeSource", exceptIn: [ports]),
        Forbidden(
            words: ["SystemRandom" + "NumberGenerator", ".random" + "(in:"], because: "randomness comes from a RandomSource",
            unless: "using:", exceptIn: [ports]),
        Forbidden(
            words: ["get" + "env(", "processInfo." + "environment"],
            because: "the environment is read where the program is put together", exceptIn: ["Sources/weir/"], inTestsToo: false),
        Forbidden(
            words: ["Task." + "sleep", "Thread." + "sleep", "u" + "sleep("], because: "waiting goes through a TimeSource",
            exceptIn: [ports]),
        Forbidden(words: [".disabled" + "(", "withKnown" + "Issue"], because: "a test that is not run is deleted"),
    ]

    @Test("no line says what none may", arguments: forbidden)
    func linesKeepTheRule(rule: Forbidden) throws {
        for file in try Repository.all where rule.inTestsToo || !file.isTest {
            guard !rule.exceptIn.contains(where: { file.path.hasPrefix($0) }) else { continue }
            for (number, text) in file.code where rule.isBroken(by: text) {
                Issue.record("\(file.path):\(number): \(text.prefix(80)) – \(rule.because)")
            }
        }
    }

    @Test func namesSayWhatAThingIs() throws {
        let empty = ["Manager", "Helper", "Helpers", "Util", "Utils", "Impl"]
        let kinds: Set<Substring> = ["struct", "class", "enum", "actor", "protocol", "typealias"]
        for file in try Repository.all {
            for (number, text) in file.code {
                let words = text.split { !($0.isLetter || $0.isNumber || $0 == "_") }
                guard let place = words.firstIndex(where: kinds.contains), words.indices.contains(place + 1) else { continue }
                let name = words[place + 1]
                let isEmpty = empty.contains { name.hasSuffix($0) }
                #expect(!isEmpty, "\(file.path):\(number): \(name)")
            }
        }
    }

    @Test func noFileIsTooLong() throws {
        for file in try Repository.all {
            // The last line ends with a line feed, after which there is one more that is empty.
            let count = file.lines.count - 1
            #expect(count <= Self.longest, "\(file.path) has \(count) lines; \(Self.longest) are allowed")
        }
    }

    @Test func nothingIsLeftForLater() throws {
        let notes = ["TO" + "DO", "FIX" + "ME", "XX" + "X:"]
        for file in try Repository.all {
            for (index, line) in file.lines.enumerated() where notes.contains(where: { line.contains($0) }) {
                Issue.record("\(file.path):\(index + 1): \(line)")
            }
        }
    }

    @Test func fileNamesAreDifferentWithinARoom() throws {
        for (room, files) in Dictionary(grouping: try Repository.sources, by: \.room) {
            let names = files.map { $0.path.split(separator: "/").last.map(String.init) ?? "" }
            #expect(Set(names).count == names.count, "two files of \(room) have the same name")
        }
    }

    @Test("limits say what they limit", arguments: ["Limits", "ConfigurationLimits", "CommandLimits"])
    func limitsAreDocumented(type: String) throws {
        let file = try #require(try Repository.sources.first { $0.path.hasSuffix("/\(type).swift") })
        let constants = file.lines.indices.filter { file.lines[$0].hasPrefix("    public static let ") }
        #expect(!constants.isEmpty)
        for index in constants where !file.lines[index - 1].hasPrefix("    ///") {
            let name = file.lines[index].split(separator: " ")[3]
            // One word, such as `stages`, counts things of that name; more than one needs a unit.
            let isOneWord = name.allSatisfy(\.isLowercase)
            #expect(isOneWord, "\(file.path):\(index + 1): \(name) has no unit")
        }
    }
}
