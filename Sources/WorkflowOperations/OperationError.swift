/// An operation that cannot be done as it was asked for.
package struct OperationError: Error, Hashable {
    package enum Code: Sendable {
        /// A file cannot be read.
        case unreadable
        /// A file can be read, but its contents are wrong.
        case malformed
        /// The path of the data directory is too long for a socket in it.
        case pathTooLong
        /// The control socket cannot be created.
        case socketNotCreated
    }

    package var code: Code
    /// A sentence or two, safe to show.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
