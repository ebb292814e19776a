import ArgumentParser
import WorkflowModel

/// The output of `weir statistics`.
enum StatisticTables {
    /// - Parameter dimensions: in the order of the command line.
    static func table(_ statistics: RunStatistics, by dimensions: [StatisticDimension], width: Int?) -> TextTable {
        let values = dimensions.map { dimension in
            TextTable.Column(title: dimension.title, fit: [.day, .attribution].contains(dimension) ? .whole : .shortened)
        }
        return TextTable(
            values + [
                .init(title: "deleted runs", alignment: .right), .init(title: "mean duration", alignment: .right, leaves: 1),
                .init(title: "longest", alignment: .right, leaves: 2),
            ],
            rows: statistics.groups.map { group in
                dimensions.map { cell(group.values[$0]?.text, of: $0) } + [
                    HumanText.count(group.figures.runs), HumanText.duration(group.figures.meanRuntime),
                    HumanText.duration(group.figures.longestRuntime),
                ]
            }, width: width)
    }

    static func sentence(_ statistics: RunStatistics) -> String {
        let runs = statistics.total.runs
        let counted = runs == 1 ? "1 deleted run matches." : "\(HumanText.count(runs)) deleted runs match."
        guard statistics.isComplete else {
            return "\(counted) Not all groups are shown. A shorter window, such as --from 2024-04 --to 2024-05, shows all of its "
                + "groups."
        }
        return runs > 0 ? counted : "No deleted run matches. weir runs lists the runs that exist."
    }

    private static func cell(_ value: String?, of dimension: StatisticDimension) -> String {
        guard let value else { return HumanText.nothing }
        return dimension == .state ? WorkflowState(name: value)?.label ?? value : value
    }
}

extension StatisticDimension {
    /// The name on the command line, and the title of its column.
    var title: String {
        switch self {
        case .day: "day"
        case .state: "state"
        case .type: "type"
        case .configuration: "workflow"
        case .attribution: "attribution"
        }
    }

    static let accepted = allCases.map(\.title).joined(separator: ", ")
}

extension Reading {
    /// Dimensions of statistics, separated by commas: the names of the command line or of the API.
    @Sendable static func dimensions(_ text: String) throws -> [StatisticDimension] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
            let known = StatisticDimension.allCases.first {
                $0.title == word || $0.rawValue == word.replacing("-", with: "_")
            }
            guard let known else {
                throw ValidationError("Accepted: \(StatisticDimension.accepted), separated by commas.")
            }
            return known
        }
    }
}
