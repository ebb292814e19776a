/// A proposal for the term at the cursor.
public struct Completion: Hashable, Sendable {
    /// Replaces ``range`` of the text.
    @Exact public var insertion: String
    /// In UTF-16 code units, as browsers count.
    public var range: Range<Int>
    /// Its meaning, in one line; nil for values that explain themselves.
    public var summary: String?

    init(_ insertion: String, replacing range: Range<Int>, summary: String? = nil) {
        self.insertion = insertion
        self.range = range
        self.summary = summary
    }
}
