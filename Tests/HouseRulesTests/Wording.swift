/// A wording that misleads a reader, and the one to write instead. The failure message quotes both.
struct Wording: Sendable {
    enum Scope {
        /// Comments and strings of Swift; the whole text of other files.
        case prose
        /// Names in code as well.
        case everywhere
    }

    var pattern: Pattern
    var instead: String
    var scope = Scope.prose

    /// A sentence that ends with a question mark is a question, as in a heading "What failed?".
    private static let noQuestion = #"(?![^.!?\n]*(?:\n[^.!?\n]*){0,2}\?)"#

    static let all = [
        Wording(
            pattern: Pattern(#"\b(Who|Whom|Whose|Whoever|What|Whatever)\b"# + noQuestion),
            instead: "begin with the thing: the request, the writer, the lease, the task"),
        Wording(
            pattern: Pattern(
                #"(?!(?<=")nobody["\\])\b([Nn]obody|[Ss]omebody|[Aa]nybody|[Ee]verybody|Someone|Anyone|whoever|whomever)\b"#),
            instead: "the program, role or component: no client, another node, any worker, the caller"),
        Wording(pattern: Pattern(#"(?i)\binsist(s|ed|ing|ence)?\b|[a-z]Insistence\b"#), instead: "retry", scope: .everywhere),
        Wording(
            pattern: Pattern(#"(?i)troubles?\b"#), instead: "error, problem; an error type is called `…Error`", scope: .everywhere),
        Wording(
            pattern: Pattern(#"\bstandings?\b(?! (still|by)\b)|[a-z]Standing\b"#), instead: "state, wait reason", scope: .everywhere
        ),
        Wording(
            pattern: Pattern(#"\b([Oo]ffice|[Hh]erald)s?\b|[a-z](Office|Herald)s?\b"#), instead: "alert sender, receiver",
            scope: .everywhere),
        Wording(pattern: Pattern(#"(?i)\bdepos(e|es|ed|ing)\b"#), instead: "replace; the previous secret"),
        Wording(pattern: Pattern(#"(?i)\b(hold|holds|held|holding)\b[^.\n]{0,80}\bagainst\b"#), instead: "verify, compare with"),
        Wording(
            pattern: Pattern(#"(?i)\bgo(es)?\s+at\s+once\b"#), instead: "run at the same time; a concurrency limit; immediately"),
        Wording(
            pattern: Pattern(#"(?i)\b(fell|falls?|fallen|falling)\s+silent\b"#), instead: "the lease expired, the worker was lost"),
        Wording(
            pattern: Pattern(#"(?i)\b(end|ends|ended|ending|stop|stops|stopped)\b[^.\n]{0,30}\bin\s+order\b(?!\s+(to|of|that)\b)"#),
            instead: "shut down gracefully"),
        Wording(pattern: Pattern(#"(?i)\bof\s+before\b"#), instead: "earlier, previous"),
        Wording(pattern: Pattern(#"(?i)\bnothing\s+there\b"#), instead: "not found"),
        Wording(
            pattern: Pattern(#"(?i)\bany\s+more\b(?=\s*([.,;:)"]|$))|\bthere\s+(is|are|was|were)\s+no\s+more\b"#),
            instead: "no longer; removed; no further"),
        Wording(pattern: Pattern(#"(?i)\bthat\s+there\s+(is|are)\b"#), instead: "existing, known, or nothing at all"),
    ]
}
