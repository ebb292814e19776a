/// The limits of `${…}` and of conditions.
public enum ExpressionLimits {
    /// Bytes of a condition.
    public static let conditionBytes = 2_000
    /// Nesting of parentheses, `not` and lists in a condition.
    public static let depth = 32
    /// Values that a condition names.
    public static let conditionNames = 20
    /// Variables in the `env` of a task, those of defaults included.
    public static let variables = 100
    /// Bytes of the name of a variable.
    public static let variableName = 128
    /// Bytes of all variables of a task together, with their names, before and after substitution.
    public static let environmentBytes = 131_072
    /// Bytes of a JSON body after substitution.
    public static let jsonBytes = 1_048_576
}
