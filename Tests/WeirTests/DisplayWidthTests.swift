import Testing

@testable import weir

@Suite("The width of a text in a terminal")
struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("Größe", 5), ("Gro\u{308}ße", 5), ("日報", 4), ("한글", 4), ("\u{1112}\u{1161}\u{11AB}", 2),
        ("ｆｕｌｌ", 8), ("ﾊﾝ", 2), ("👍", 2), ("👍🏽", 2), ("👨‍👩‍👧", 2), ("🇩🇪", 2), ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2), ("❤️", 2), ("❤", 1), ("1️⃣", 2),
        ("№1", 2), ("–…", 2), ("क्षि", 3), ("a\u{200B}b", 2), ("ไทย", 3), ("ที่", 1),
    ])
    func isCountedInCells(text: String, width: Int) {
        #expect(text.displayWidth == width)
    }

    @Test(arguments: [
        ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("日報日報", 8, "日報日報"), ("日報日報", 7, "日報日…"), ("日報日報", 6, "日報…"), ("日報", 1, "…"),
        ("日報", 0, ""), ("", 0, ""), ("👨‍👩‍👧👨‍👩‍👧", 3, "👨‍👩‍👧…"), ("Gro\u{308}ße", 4, "Gro\u{308}…"),
    ])
    func isWhatATextIsCutTo(text: String, width: Int, cut: String) {
        #expect(text.cut(toDisplayWidth: width) == cut)
    }

    @Test func alignsTheColumnsOfATable() {
        let table = TextTable(
            [.init(title: "name", fit: .shortened), .init(title: "took", alignment: .right), .init(title: "by")],
            rows: [["日報", "1s", "a"], ["👍🏽 daily", "10s", "b"], ["Gro\u{308}ße", "2s", "c"], ["quarterly", "3s", "d"]], width: 19)
        #expect(
            table.lines() == [
                "NAME       TOOK  BY", "日報         1s  a", "👍🏽 daily    10s  b", "Gro\u{308}ße        2s  c", "quarterly    3s  d",
            ])
        var narrow = table
        narrow.width = 18
        #expect(narrow.lines().last == "quarter…    3s  d")
    }
}
