import WorkflowAPI
import WorkflowModel

/// What came of a move.
struct MoveReport: Hashable, Sendable {
    enum Outcome: Hashable, Sendable {
        case isTheSame
        /// With what the target holds.
        case differs(StoreContents)
        /// An earlier move had come to its end.
        case wasThereAlready
    }

    var source: StoreContents
    var outcome: Outcome

    private var target: StoreContents? {
        switch outcome {
        case .isTheSame: source
        case .differs(let found): found
        case .wasThereAlready: nil
        }
    }

    /// The kinds of records in which the two differ.
    var differences: [StoreContents.Kind] {
        guard let target else { return [] }
        return StoreContents.Kind.allCases.filter { source[$0] != target[$0] }
    }

    func table(width: Int?) -> String {
        TextTable(
            [
                .init(title: "table"), .init(title: "records", alignment: .right), .init(title: "checksum"),
                .init(title: "in the database", alignment: .right), .init(title: "checksum"),
            ],
            rows: StoreContents.Kind.allCases.map { kind in
                [
                    kind.rawValue, HumanText.count(source[kind].count), source[kind].checksum,
                    target.map { HumanText.count($0[kind].count) } ?? HumanText.nothing,
                    target?[kind].checksum ?? HumanText.nothing,
                ]
            }, width: width
        ).text()
    }

    func json(elapsed: Duration) -> String {
        JSONOutput.text { json in
            json.object { json in
                json.member("outcome", word)
                json.name("tables")
                json.array(of: StoreContents.Kind.allCases) { json, kind in
                    json.object { json in
                        json.member("table", kind.rawValue)
                        json.member("records", source[kind].count)
                        json.member("checksum", source[kind].checksum)
                        json.member("found_records", target?[kind].count)
                        json.member("found_checksum", target?[kind].checksum)
                    }
                }
                json.member("elapsed_ms", elapsed)
            }
        }
    }

    private var word: String {
        switch outcome {
        case .isTheSame: "same"
        case .differs: "different"
        case .wasThereAlready: "there-already"
        }
    }
}
