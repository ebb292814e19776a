/// The limits that every command is held to, each named once.
public enum CommandLimits {
    /// The longest `WEIR_OUTPUT` file that is read, in bytes: 1 MiB.
    public static let outputFile = 1 << 20
    /// How much of the last line that was printed goes into the message of a failure, in characters.
    public static let lineInMessage = 200
    /// The longest message that is taken from a task's `error`, in characters.
    public static let errorMessage = 2_000
    /// The longest `run_id` that is taken from a task's output, in characters.
    public static let runID = 256
    /// How long work that was told to end may take before it is killed, where its task does not say.
    public static let grace = Duration.seconds(10)
    /// For how long after its start nobody is told that a command goes on: many are over by then.
    public static let atOnce = Duration.milliseconds(5)

    /// How much is read from a command's output at once, in bytes: what a pipe holds.
    static let read = 1 << 16
    /// How much of the end of the output is kept for the message of a failure, in bytes.
    static let tail = 2_048
    /// The largest environment of a process that is looked through for the marker of a task, in bytes.
    static let environment = 4 << 20
}
