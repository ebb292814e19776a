import WorkflowModel

/// The values of a ``VariedHistory``, and those to ask for: equal but for case or form, with characters that patterns, statements or
/// stores treat specially, and some that no run has.
enum Vocabulary {
    static let types = RunHistory.types + ["Bridge.Sync", "a.b/%", "a\u{0}b", ""]
    static let configurations: [String?] = ["cg-daily", "cg-Daily", "cg-daily-2", "og_1%", "größe", nil]
    static let principals = [
        Principal(id: "u-1", name: "Ada"), Principal(id: "U-1", name: "Bo", email: "bo@example.com"),
        Principal(id: "caf\u{E9}", name: "One scalar"), Principal(id: "cafe\u{301}", name: "Two scalars"), .schedule,
    ]
    static let errorTypes = ["weir.task.command/exit", "Weir.task.command/exit", "weir.task.command/timeout", "a.b/%_"]
    static let schedules = ["default", "Default", "nightly"]
    static let reruns = ["wf-old-1", "wf-old-2"].map { RunID(rawValue: $0) }
    static let labels = [
        "team:crm", "team:ops", "team:", "tier:gold", "Team:crm", "example.com/team:crm", "a.b_c-d:1.0_x-2",
    ].compactMap { RunLabel($0) }

    static let parameters: [(String, [JSONValue])] = [
        ("day", ["2026-11-01", "2026-11-02"]), ("text", ["a\\b\n\"c\"", "Größe", "100%", "a\u{0}b", "Daily"]),
        ("more", [["nested": [.bool(true), .null, .number("1.50")]], .null, 7]),
    ]

    static let names = [
        "Daily load", "DAILY LOAD", "100% done", "100 done", "snake_case", "snake case", #"C:\new\table"#, "it's \"quoted\"",
        "Straße", "STRASSE", "Größe", "GRO\u{308}SSE", "ΟΔΟΣ ΣΑΣ", "οδός σας", "İstanbul", "istanbul", "caf\u{E9} noir",
        "CAFE\u{301} NOIR", "日本語の表", "ﬁne", "a\u{0}b", "a\u{0}0b", "\u{1}0b", "👩‍👩‍👧 family", "300 \u{212A}", "", "ab",
    ]
    static let messages = [
        "Load orders: the command ended with exit code 3", "LOAD ORDERS failed", "Connection reset by peer",
        "connection  reset", "40%_of it", "'; DROP TABLE runs; --", "$1 \\1 {0}", "Größe unbekannt",
        String(repeating: "long message ", count: 400) + "with an end", "No",
    ]

    /// Words of two characters and more, found in names, ids, workflows, messages, or nowhere.
    static let words = [
        "daily", "DAILY", "ly lo", "0%", "%_", "e_c", "e c", #"\n"#, #"\t"#, "t's", "'s \"q", "\"q", "straße", "STRASSE", "ss",
        "SS",
        "größe", "GRÖSSE", "gro\u{308}", "ος", "ΣΑΣ", "σας", "İst", "ist", "istanbul", "i\u{307}st", "café", "CAFE\u{301}",
        "fe\u{301}",
        "日本", "本語の", "の表", "fine", "ﬁ", "fi", "0b", "b\u{1}", "\u{1}0", "👩‍👩‍👧", "300 k", "\u{212A}", "wf-", "WF-2", "-2023", "'-",
        "%_'2", "z\\2", "cg-", "og_", "1%", "reset", "exit code 3", "--", "; DROP", "$1", "\\1", "with an end", "no", "ab", "zzzz",
        "2026-11-0", "11-01", "{\"nes", ",null,1.5", "\\b", "\"c\"", "no such words anywhere", "*", "a* OR b", "NEAR(a b)", "\"\"",
        "^daily", "name:daily",
    ].filter { SearchWord($0) != nil }
}
