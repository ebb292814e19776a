/// The label of a type on pages. Types are open strings, `area.thing/action` or `area.thing`. Known areas have a label; any other
/// type is shown unchanged.
enum TypeLabel {
    static func text(_ type: String) -> String {
        let words = words(of: type)
        for count in stride(from: min(words.count, longestArea), to: 0, by: -1) {
            if let label = labels[words.prefix(count).joined(separator: " ")] { return label }
        }
        return type
    }

    /// Repeated words count once: `amperity.orchestration.orchestration/run` is `orchestration run`.
    private static func words(of type: String) -> [String] {
        let parts = type.lowercased().split { $0 == "." || $0 == "-" || $0 == "_" || $0 == "/" }
        var words: [String] = []
        for word in parts.map(String.init) where word != words.last { words.append(word) }
        if words.count > 1, words.first == "amperity" { words.removeFirst() }
        return words
    }

    private static let longestArea = 6

    /// Labels by the first words of a type. The longest match applies.
    private static let labels = [
        "bridge sync": "Bridge sync",
        "bridge": "Bridge sync",
        "c360 validation": "C360 validation",
        "ccpa delete": "CCPA delete",
        "compact campaign recipients table": "Compact campaign recipients table",
        "courier": "Courier",
        "courier group": "Courier group",
        "campaign append results": "Campaign results",
        "campaign results": "Campaign results",
        "campaign send": "Campaign send",
        "data refresh": "Data refresh",
        "database": "Database",
        "domain table schema migration": "Domain table schema migration",
        "file upload": "File upload",
        "ingest": "Ingest",
        "input validation report update": "Input validation report update",
        "manual campaign run": "Manual campaign run",
        "manual index run": "Manual index run",
        "orchestration": "Orchestration",
        "orchestration group": "Orchestration group",
        "predictive": "Predictive job",
        "predictive job": "Predictive job",
        "record deletion": "Record deletion",
        "system migration on campaigns recipients table": "System migration on campaigns recipients table",
        "uid2 enrichment": "UID2 enrichment",
        "update campaign recipients table": "Update campaign recipients table",
    ]
}
