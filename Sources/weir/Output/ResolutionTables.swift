import WorkflowAPI
import WorkflowModel

/// The resolutions that apply to tasks, and the decisions that were made.
enum ResolutionTables {
    static func text(_ answer: ResolutionsAnswer, names: [TaskID: String], width: Int?) -> String {
        var parts: [String] = []
        if answer.tasks.isEmpty {
            parts.append("No resolution applies: \(answer.run) is \(answer.state.state.label.lowercased()).")
        }
        if !answer.tasks.isEmpty { parts.append(offers(answer, width: width).text()) }
        if !answer.resolutions.isEmpty { parts.append(decisions(answer.resolutions, names: names, width: width).text()) }
        return parts.joined(separator: "\n\n")
    }

    private static func offers(_ answer: ResolutionsAnswer, width: Int?) -> TextTable {
        TextTable(
            [
                .init(title: "task", fit: .shortened), .init(title: "state"), .init(title: "resolution"),
                .init(title: "effect", fit: .wrapped),
            ],
            rows: answer.tasks.flatMap { task in
                task.offers.enumerated().map { place, offer in
                    (place == 0 ? [task.definitionID, task.state.state.label] : ["", ""]) + [
                        offer.resolution.rawValue, offer.sentence,
                    ]
                }
            }, width: width)
    }

    static func decisions(_ resolutions: [RunResolution], names: [TaskID: String], width: Int?) -> TextTable {
        TextTable(
            [
                .init(title: "resolved", leaves: 1), .init(title: "by", fit: .shortened), .init(title: "task", fit: .shortened),
                .init(title: "resolution"), .init(title: "reason", fit: .wrapped),
            ],
            rows: resolutions.map { resolution in
                [
                    HumanText.time(resolution.resolvedAt), resolution.resolvedBy.name,
                    names[resolution.task] ?? resolution.task.rawValue, resolution.resolution.rawValue,
                    resolution.reason.map(HumanText.printable) ?? HumanText.nothing,
                ]
            }, width: width)
    }
}
