import Testing

/// The other rules depend on this separation.
@Suite("Separating code from comments and strings")
struct SwiftTextTests {
    @Test func commentsAndStringsAreNoCode() {
        let text = #"""
            let a = "try! \"b\" // no" // try!
            /* try! /* as! */ try! */ let b = #"as! " \"#
            let c = """
                sleep(1) "quoted"
                """
            """#
        let separated = SwiftText(text)
        let code = separated.code.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.split(separator: " ").joined(separator: " ")
        }
        #expect(code == ["let a = \" \"", "let b = #\" \"#", "let c = \"\"\"", "", "\"\"\""])
        let strings = separated.strings.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(strings[0].contains(#"try! \"b\" // no"#) && !strings[0].contains("// try!"))
        #expect(strings[1].contains(#"as! " \"#))
        #expect(strings[3].contains("sleep(1) \"quoted\""))
        #expect(separated.code.utf8.count == text.utf8.count)
        let prose = separated.prose.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.split(separator: " ").joined(separator: " ")
        }
        #expect(prose == [#"try! \"b\" // no try!"#, #"try! as! try! as! " \"#, "", "sleep(1) \"quoted\"", ""])
    }

    @Test func aPatternFindsItsLines() {
        #expect(Pattern("^b|d$").lines(in: "a\nb\nc d\nd e\n") == [2, 3])
        #expect(Pattern("(").lines(in: "a") == [0])
        let file = SourceFile(path: "Sources/Room/File.swift", text: "// try!\nlet a = try! b\n")
        #expect(file.places(of: Pattern("\\btry!")) == ["Sources/Room/File.swift:2"])
    }

    @Test func importsAreFoundInAllTheirForms() {
        let file = SourceFile(
            path: "Sources/Room/File.swift",
            text:
                "import A\npublic import B\n@testable import C\n@preconcurrency internal import D\nimport struct E.F\n// import G\n    import H\n"
        )
        #expect(file.imports == ["A", "B", "C", "D", "E", "H"])
        #expect(file.target == "Room")
    }
}
