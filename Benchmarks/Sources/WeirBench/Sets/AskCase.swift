import WorkflowModel

/// Questions that Weir adds to those of the documented API, with values that match many runs, few, or none.
enum AskCase {
    /// One added filter each.
    static func added() throws -> [FilterCase] {
        let texts: [(RunFilterField, [String])] = [
            (.configuration, ["cg-7", AskedValues.rareWorkflow, "cg-none"]), (.principal, ["u-3", "u-none"]),
            (.attribution, ["platform"]), (.errorType, ["weir.task.http/status", "no.such/error"]),
            (.label, ["team:t3", "tier:gold", "audit:yes", "team:none"]), (.runMode, ["full", "source"]),
            (.schedule, ["default", "nightly", "none"]), (.rerunOf, ["wf-20250101-10007-repeat", "wf-none"]),
            (.runtimeFrom, ["5h", "7h"]), (.runtimeTo, ["2s"]), (.attemptsFrom, ["2", "4", "900"]),
            (.notConfiguration, ["cg-7"]), (.notPrincipal, ["u-3"]), (.notErrorType, ["weir.task.http/status"]),
            (.notLabel, ["tier:silver"]),
        ]
        return try texts.flatMap { field, values in
            try values.map { try ask("\(field.name)=\($0)", [(field, $0)]) }
        }
    }

    /// One added filter together with a state, a type, a window, and all of them.
    static func addedToDocumented() throws -> [FilterCase] {
        let hour = Duration.seconds(3_600)
        let week = TimeWindow(from: HistoryShape.middle, to: HistoryShape.middle + hour * 168)
        let documented: [(name: String, states: Set<RunState>?, type: String?, created: TimeWindow?)] = [
            ("a state", [.failed], nil, nil), ("a type", nil, "courier.group/run", nil), ("a week", nil, nil, week),
            ("all three", [.succeeded], "courier.group/run", week),
        ]
        return try added().flatMap { added in
            documented.map { one in
                var filter = added.filter
                filter.states = one.states
                filter.types = TextChoice(one.type)
                filter.created = one.created
                return FilterCase(name: "\(added.name), \(one.name)", filter: filter)
            }
        }
    }

    /// Three added filters and more.
    static func combined() throws -> [FilterCase] {
        try [
            ask("common values", [(.configuration, "cg-7"), (.runMode, "full"), (.label, "tier:silver")]),
            ask("a rare workflow", [(.configuration, AskedValues.rareWorkflow), (.attribution, "platform"), (.attemptsFrom, "2")]),
            ask(
                "values that exclude each other",
                [(.configuration, AskedValues.rareWorkflow), (.notLabel, "audit:yes"), (.principal, "u-1"), (.runMode, "full")]),
            ask("absent values", [(.principal, "u-none"), (.label, "team:none"), (.schedule, "none")]),
            ask(
                "five of them",
                [
                    (.state, "failed"), (.attribution, "platform"), (.errorType, "weir.task.http/status"), (.label, "team:t3"),
                    (.notConfiguration, "cg-7"), (.runtimeFrom, "1h"),
                ]),
        ]
    }

    /// Words that the newest runs have.
    static func knownWords() throws -> [FilterCase] {
        try ["reset by peer", "table_77", "CG-RARE", "Workflow 4", "status 502"].map { try ask("\"\($0)\"", [(.text, $0)]) }
    }

    /// Words that no run has, words that nearly all runs have not, and words of two characters.
    static func otherWords() throws -> [FilterCase] {
        try [
            ask("\"no such words\"", [(.text, "no such words")]), ask("\"zq\"", [(.text, "zq")]),
            ask("not \"workflow\"", [(.notText, "workflow")]),
            ask("\"reset\" of a rare workflow", [(.text, "reset"), (.configuration, AskedValues.rareWorkflow)]),
        ]
    }

    private static func ask(_ name: String, _ texts: [(RunFilterField, String)]) throws -> FilterCase {
        var filter = RunFilter()
        for (field, text) in texts { try filter.add(text, to: field) }
        return FilterCase(name: name, filter: filter)
    }
}
