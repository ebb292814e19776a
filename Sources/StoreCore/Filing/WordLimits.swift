/// Limits of what is looked up in the indexes of texts. Beyond them, so many runs may have a word that reading the newest ones finds
/// enough.
package enum WordLimits {
    /// Texts that may have a word.
    package static let texts = 1_000
    /// Runs whose ids may have a word.
    package static let ids = 2_000
    /// Rows of an index of SQLite that have one trigram. A word with a rarer one is looked up within some milliseconds.
    package static let common = 10_000
    /// Runs that are sorted for a list, because their texts are too many for a walk each. Reading and sorting so many takes some
    /// milliseconds.
    package static let listed = 3_000
}
