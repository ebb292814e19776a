import WorkflowAPI
import WorkflowModel
import WorkflowOperations

/// The output of `weir move`.
extension MoveReport {
    func table(width: Int?) -> String {
        TextTable(
            [
                .init(title: "table"), .init(title: "records", alignment: .right), .init(title: "checksum", leaves: 2),
                .init(title: "in the database", alignment: .right), .init(title: "checksum", leaves: 1),
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
