extension Migration {
    /// The code in the directory of a configuration version when it was applied: a commit, and whether files differed from it. NULL
    /// where that is not known.
    static let codeVersions = Migration(
        number: 28,
        sql: """
            ALTER TABLE configuration_versions ADD COLUMN code_commit text;
            ALTER TABLE configuration_versions ADD COLUMN code_dirty boolean;
            """)
}
