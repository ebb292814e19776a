import WorkflowModel

/// Limits of commands.
public enum CommandLimits {
    /// Largest `WEIR_OUTPUT` file that is read, in bytes: 1 MiB.
    public static let outputFile = 1 << 20
    /// Length of the last output line quoted in the message of a failure, in characters.
    public static let lineInMessage = 200
    /// Longest message accepted from a task's `error`, in bytes.
    public static let errorMessage = 8_192
    /// Longest `run_id` accepted from a task's output, in bytes.
    public static let runID = NameRule.bytes
    /// Default time between SIGTERM and SIGKILL.
    public static let grace = Duration.seconds(10)
    /// The start of a command is reported after this time: many commands have ended by then, and start and end become one report.
    public static let beginDelay = Duration.milliseconds(5)

    /// How long a command waits for a descriptor before its attempt fails.
    static let longestShortage = Duration.seconds(30)
    /// First pause between two tries; each further pause is twice as long.
    static let firstShortagePause = Duration.milliseconds(20)
    static let longestShortagePause = Duration.seconds(1)

    /// Bytes read from a command's output with one call: the capacity of a pipe.
    static let read = 1 << 16
    /// Bytes kept of the beginning of a line, for the message of a failure.
    static let lineKept = 2_048
    /// Largest process environment searched for the marker of a task, in bytes.
    static let environment = 4 << 20
}
