import StoreCore
import WorkflowModel

/// The indexes of trigrams: of the texts of subjects, and of the ids of filed runs. Without them, words are searched for.
enum TextIndexes {
    static let extensionName = "pg_trgm"
    /// The statement by which an administrator adds the extension.
    static let remedy = "CREATE EXTENSION \(extensionName)"

    static let areThere = """
        SELECT count(*) = 2 FROM pg_class AS c
        JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_index AS i ON i.indexrelid = c.oid
        WHERE n.nspname = 'weir' AND c.relname IN ('subject_texts_form', 'run_marks_indexed_id') AND i.indisvalid
        """
    /// The schema of the extension, as statements name it. Only a new index needs it: no search does.
    static let schema = """
        SELECT quote_ident(n.nspname) FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
        WHERE e.extname = '\(extensionName)'
        """

    /// New entries are added in groups, which takes a third of the time. A look-up reads the last group as it is, so it is small, in
    /// KiB.
    private static let options = "WITH (fastupdate = on, gin_pending_list_limit = 512)"

    static func creation(in schema: String) -> String {
        """
        CREATE INDEX IF NOT EXISTS subject_texts_form ON subject_texts USING gin (form \(schema).gin_trgm_ops) \(options);
        CREATE INDEX IF NOT EXISTS run_marks_indexed_id ON run_marks USING gin (indexed_id \(schema).gin_trgm_ops) \(options)
            WHERE indexed_id IS NOT NULL;
        """
    }
}

extension PostgresConnection {
    /// Creates the indexes of texts where they are missing, and the extension that they need where this user may. Filing waits
    /// meanwhile; starts and lists do not.
    /// - Returns: why they cannot be made; nil when they are there.
    func makeTextIndexes() throws -> String? {
        if try hasTextIndexes() { return nil }
        return try changingSchema {
            if try hasTextIndexes() { return nil }
            try control("SAVEPOINT text_indexes")
            do {
                if try schemaOfTrigrams() == nil {
                    try control("CREATE EXTENSION IF NOT EXISTS \(TextIndexes.extensionName) SCHEMA weir")
                }
                if let schema = try schemaOfTrigrams() { try control(TextIndexes.creation(in: schema)) }
                return nil
            } catch let failure as PostgresFailure where failure.refusesExtension {
                try control("ROLLBACK TO SAVEPOINT text_indexes")
                return failure.message
            }
        }
    }

    private func schemaOfTrigrams() throws -> String? {
        try row(TextIndexes.schema) { try $0.next() }
    }

    /// Whether words can be looked up. A session asks until it is so: another node may make the indexes at any time.
    func hasTextIndexes() throws -> Bool {
        if !knowsTextIndexes { knowsTextIndexes = try row(TextIndexes.areThere) { try $0.next() } ?? false }
        return knowsTextIndexes
    }
}

extension PostgresFailure {
    /// The extension is not installed, this user may not create it or use its schema, or an administrator is just creating it.
    fileprivate var refusesExtension: Bool {
        let states: [SQLState] = [.insufficientPrivilege, .featureNotSupported, .undefinedFile, .uniqueViolation]
        return states.contains(where: isRefusal)
    }
}
