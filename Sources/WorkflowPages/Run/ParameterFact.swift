import WorkflowModel

/// The parameters of a run among its facts.
enum ParameterFact {
    /// Characters of a value that are shown.
    private static let longest = 200

    static func facts(of parameters: RunParameters) -> [Fact] {
        parameters.map { name, value in Fact("Parameter \(name)", value.plainText.visible(upTo: longest), isCode: true) }
    }
}
