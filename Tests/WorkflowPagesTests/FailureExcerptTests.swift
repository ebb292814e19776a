import Testing

@testable import WorkflowPages

@Suite("The last lines of a log")
struct FailureExcerptTests {
    private func last(_ text: String) -> String {
        String(decoding: FailureExcerpt.lastLines(of: Array(text.utf8)), as: UTF8.self)
    }

    @Test("are twenty at most, without the line breaks at the end")
    func lines() {
        #expect(last("") == "")
        #expect(last("\n\n") == "")
        #expect(last("one\ntwo\n") == "one\ntwo")
        let many = (1...50).map { "line \($0)" }
        #expect(last(many.joined(separator: "\n") + "\r\n\n") == many.suffix(FailureExcerpt.mostLines).joined(separator: "\n"))
        let exactly = many.prefix(FailureExcerpt.mostLines).joined(separator: "\n")
        #expect(last(exactly) == exactly)
    }

    @Test("begin at the start of a line, and of a character when one line is too long")
    func longLines() {
        let long = String(repeating: "x", count: FailureExcerpt.mostBytes)
        #expect(last("first\n\(long)\nlast") == "last")
        #expect(last("first\nshort\n\(long.dropFirst(16))\nlast").hasPrefix("short\nxxx"))
        // Three bytes each: the limit is inside of one.
        let wide = String(repeating: "語", count: FailureExcerpt.mostBytes)
        #expect(last(wide) == String(repeating: "語", count: FailureExcerpt.mostBytes / 3))
        #expect(last(String(repeating: "y", count: FailureExcerpt.mostBytes)).utf8.count == FailureExcerpt.mostBytes)
    }
}
