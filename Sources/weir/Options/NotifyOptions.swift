import ArgumentParser
import WorkflowModel

/// The receivers that a new run tells of its end.
struct NotifyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Receiver to tell when the run ends, whatever its rules say; may be repeated.", valueName: "receiver"),
        transform: Reading.receiver)
    var notify: [String] = []

    /// - Throws: a usage error for more receivers than a run takes, or one that is named twice.
    func check() throws {
        guard notify.count <= RunSubscription.most else {
            throw ValidationError("--notify appears \(notify.count) times. Accepted: \(RunSubscription.most) receivers at most.")
        }
        guard Set(notify).count == notify.count else {
            throw ValidationError("--notify names a receiver twice. Name each receiver once.")
        }
    }
}
