/// The failure of a verb: an exit code for scripts and a message for people.
struct CommandFailure: Error, Hashable {
    var status: ExitStatus
    /// One or two sentences.
    var message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }
}
