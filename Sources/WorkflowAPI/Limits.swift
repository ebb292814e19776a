import WorkflowModel

/// The limits of requests and answers. `docs/reference/limits.md` or the OpenAPI document describes each limit.
public enum Limits {
    /// Bytes of a request's path and query together.
    public static let requestTarget = 16_384
    /// Bytes of all headers of a request, names and values together.
    public static let headers = 32_768
    /// Number of headers of a request.
    public static let headerCount = 100
    /// Bytes of one parameter's value, after unescaping.
    public static let parameterValue = 4_096
    /// Parameters of one request: enough for every filter of a list with all its values.
    public static let parameterCount = 320
    /// Values of a parameter that may be repeated.
    public static let repeatedParameter = RunFilterField.repeatedValues
    /// Bytes of the body of a start.
    public static let startBody = 1_048_576
    /// Bytes of a configuration's text.
    public static let configurationBody = ConfigurationLimits.textBytes
    /// Bytes of the body that creates or changes a receiver of alerts.
    public static let receiverBody = 65_536
    /// Bytes of the body of a token request.
    public static let tokenBody = 16_384
    /// Bytes of the body of a request that issues a token.
    public static let issueBody = 16_384
    /// Bytes of the body of a stop.
    public static let stopBody = 16_384
    /// Bytes of the body of a rerun.
    public static let rerunBody = 16_384
    /// Bytes of the body that resolves a task: its outputs, and room for the rest.
    public static let resolveBody = ResolvedOutputs.bytes + 16_384
    /// Bytes of the body of a bulk operation: enough for its ids.
    public static let bulkBody = 262_144
    /// Bytes of the body that changes labels.
    public static let labelBody = 65_536
    /// Bytes of the body of a note: each byte of its text may be escaped.
    public static let noteBody = 32_768
    /// Bytes of the body of a pause, and of a resume, which is ignored.
    public static let pauseBody = 16_384
    /// Bytes of the body that saves a view.
    public static let viewBody = 16_384
    /// Bytes of the body that sets a secret: each byte of its value may be escaped.
    public static let secretBody = 131_072
    /// Bytes of the search of a view.
    public static let viewSearch = RunSearch.longestText
    /// Runs that an export reads from the store at a time.
    public static let exportPage = RunQuery.limits.upperBound
    /// Exports of one tenant that a process serves at the same time.
    public static let concurrentExports = 4
    /// Bytes of the form of a page without long fields.
    public static let formBody = 16_384
    /// Bytes of output in one answer about a task.
    public static let outputSlice = 262_144
    /// Bytes of output in one answer about a whole run.
    public static let runOutput = 1_048_576
    /// Bytes of an idempotency key.
    public static let idempotencyKey = 255
    /// Bytes of a request id that a client may choose.
    public static let requestID = 128
    /// Bytes of a bearer token.
    public static let bearerToken = 4_096
    /// Bytes of a name, label or type in history lines.
    public static let importedText = NameRule.bytes
    /// The attempts of a run in history lines.
    public static let importedAttempts = 1...1_000_000
    /// The number of warnings of a run in history lines.
    public static let importedWarnings = 0...1_000_000
    /// Bytes of the message of an error in history lines.
    public static let importedMessage = 65_536
}
