/// Says that a search takes longer than usual because an import or an upgrade is being indexed.
public enum FilingNote {
    /// The most runs that are counted for the note.
    public static let most = 100_000
    /// Fewer are filed within seconds.
    private static let fewest = 1_000

    /// nil for a few runs.
    static func text(_ runs: Int) -> String? {
        guard runs >= fewest else { return nil }
        let count = runs < most ? "about \(CountText.text(runs))" : "more than \(CountText.text(most))"
        return "Weir is indexing \(count) imported or ended runs. Until that is done, searches and counts take longer."
    }
}
