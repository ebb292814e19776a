extension Migration {
    /// The code in the directory of a configuration version when it was applied: a commit, and whether files differed from it (0 or
    /// 1). NULL where that is not known.
    static let codeVersions = Migration(
        number: 31,
        sql: """
            ALTER TABLE configuration_versions ADD COLUMN code_commit TEXT;
            ALTER TABLE configuration_versions ADD COLUMN code_dirty INTEGER;
            """)
}
