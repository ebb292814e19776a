/// The limits of parameters. Starts, configurations and imported history keep them.
public enum ParameterLimits {
    /// Parameters of a workflow or a run.
    public static let count = 50
    /// Bytes of a parameter's name, which is ASCII.
    public static let nameBytes = 64
    /// Bytes of a value, written as JSON.
    public static let valueBytes = 4_096
    /// Bytes of all values of a run, with their names, written as a JSON object.
    public static let bytes = 16_384
    /// Accepted values of an `enum`.
    public static let choices = 1...100
    /// Bytes of a pattern.
    public static let patternBytes = 500
    /// Steps of a compiled pattern. Matching a text takes at most one look at each step for each of its characters.
    public static let patternSteps = 1_000
    /// Bytes of a description.
    public static let descriptionBytes = 1_024
    /// Bytes of a run's values that a search for a text looks into, in the order of the names.
    public static let searchedBytes = 1_024
}
