import WorkflowModel

extension String {
    /// Scalars of a text of a client that a message repeats.
    private static var longestEcho: Int { 64 }

    /// A text of a client for a message: shortened, and with invisible characters escaped.
    var shortened: String { visible(upTo: Self.longestEcho) }

    package var quoted: String { "\"\(shortened)\"" }
}
