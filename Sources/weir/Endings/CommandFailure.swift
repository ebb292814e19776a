/// Why a verb failed: what to tell the person, and what to tell the script.
struct CommandFailure: Error, Hashable {
    var status: ExitStatus
    /// A sentence or two.
    var message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }
}
