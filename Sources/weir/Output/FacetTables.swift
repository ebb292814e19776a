import WorkflowAPI
import WorkflowModel

/// The output of `weir runs --by`: one block for each dimension, with the most frequent values first.
enum FacetTables {
    /// - Parameters:
    ///   - order: the dimensions in the order of the command line.
    ///   - limit: the most values of a dimension that the service was asked for.
    static func text(_ facets: RunFacets, in order: [RunFacet], limit: Int, width: Int?) -> String {
        order.map { table(of: $0, facets, limit: limit, width: width).text() }.joined(separator: "\n\n")
    }

    /// The number of matching runs, and which of them were counted.
    /// - Parameter hasWindow: whether the runs were limited by a window of time.
    static func sentence(_ total: RunTotal, hasWindow: Bool) -> String {
        switch total {
        case .exactly(0): return "No run matches."
        case .exactly, .moreThan(0): return total.sentence
        case .moreThan(let number):
            let window = hasWindow ? "A shorter window of time counts" : "A window of time, such as since:7d, counts"
            let counted = "The search ended early: the newest \(HumanText.count(number)) are counted."
            return "\(total.sentence) \(counted) \(window) all of its runs."
        }
    }

    private static func table(of facet: RunFacet, _ facets: RunFacets, limit: Int, width: Int?) -> TextTable {
        let whole = facets.total.counted
        let values = facets.values[facet] ?? []
        var counts = values.map { (name: label($0.text, of: facet), runs: $0.runs) }
        let rest = whole - values.reduce(0) { $0 + $1.runs }
        // Below the limit, the values are all of them, so that the remaining runs have none.
        if rest > 0 { counts.append((name: values.count < limit ? "(none)" : "(others)", runs: rest)) }
        return TextTable(
            [
                .init(title: facet.title, fit: .shortened), .init(title: "runs", alignment: .right),
                .init(title: "share", alignment: .right),
            ], rows: counts.map { [$0.name, HumanText.count($0.runs), HumanText.share($0.runs, of: whole)] }, width: width)
    }

    private static func label(_ value: String, of facet: RunFacet) -> String {
        facet == .state ? WorkflowState(name: value)?.label ?? value : value
    }
}

extension RunTotal {
    /// The end of a list or a count, as a sentence.
    var sentence: String {
        switch self {
        case .exactly(let number): "\(HumanText.count(number)) \(number == 1 ? "run matches" : "runs match")."
        case .moreThan(0): "The number of matching runs is unknown: counting them takes too long."
        case .moreThan(let number): "More than \(HumanText.count(number)) runs match."
        }
    }
}
