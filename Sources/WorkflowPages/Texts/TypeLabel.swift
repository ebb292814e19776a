/// What a type is called on pages. Types are open strings, `area.thing/action` or `area.thing`: the areas that people know get
/// their names, any other shows as it is.
enum TypeLabel {
    static func text(_ type: String) -> String {
        let words = words(of: type)
        for count in stride(from: min(words.count, longestArea), to: 0, by: -1) {
            if let label = labels[words.prefix(count).joined(separator: " ")] { return label }
        }
        return type
    }

    /// `amperity.orchestration.orchestration/run` is about orchestration, once.
    private static func words(of type: String) -> [String] {
        let area = type.lowercased().prefix { $0 != "/" }
        var words: [String] = []
        for word in area.split(whereSeparator: { $0 == "." || $0 == "-" || $0 == "_" }).map(String.init) where word != words.last {
            words.append(word)
        }
        if words.count > 1, words.first == "amperity" { words.removeFirst() }
        return words
    }

    private static let longestArea = 3

    private static let labels = [
        "bridge sync": "Bridge sync",
        "bridge": "Bridge sync",
        "courier": "Courier",
        "courier group": "Courier group",
        "campaign append results": "Campaign results",
        "campaign results": "Campaign results",
        "campaign send": "Campaign send",
        "data refresh": "Data refresh",
        "database": "Database",
        "file upload": "File upload",
        "ingest": "Ingest",
        "orchestration": "Orchestration",
        "orchestration group": "Orchestration group",
        "predictive": "Predictive job",
        "predictive job": "Predictive job",
        "record deletion": "Record deletion",
    ]
}
