import WorkflowModel

/// What the API accepts at most. Everything here is documented in the OpenAPI document or the README.
public enum Limits {
    /// Bytes of a request's path and query together.
    public static let requestTarget = 16_384
    /// Bytes of all headers of a request, names and values together.
    public static let headers = 32_768
    /// Number of headers of a request.
    public static let headerCount = 100
    /// Bytes of one parameter's value, after unescaping.
    public static let parameterValue = 4_096
    /// Parameters of one request.
    public static let parameterCount = 64
    /// Bytes of the body of a start.
    public static let startBody = 1_048_576
    /// Bytes of a configuration's text.
    public static let configurationBody = ConfigurationLimits.textBytes
    /// Bytes of the body that makes or changes a receiver of alerts.
    public static let receiverBody = 65_536
    /// Bytes of the body of a token request.
    public static let tokenBody = 16_384
    /// Bytes of the body of a stop, which needs none.
    public static let stopBody = 16_384
    /// Bytes of the body of a rerun, which may be left out.
    public static let rerunBody = 16_384
    /// Bytes of what a form of a page sends.
    public static let formBody = 16_384
    /// Bytes of output in one answer.
    public static let outputSlice = 262_144
    /// Characters of an idempotency key.
    public static let idempotencyKey = 255
    /// Characters of a request id that a client may choose.
    public static let requestID = 128
    /// Characters of a bearer token.
    public static let bearerToken = 4_096
    /// Bytes of an id in history lines, and of a name or type in them.
    public static let importedText = 1_024
}
