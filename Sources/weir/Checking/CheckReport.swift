import WorkflowModel

/// What a check found, as people and programs see it.
struct CheckReport {
    var findings: [StoreFinding]

    /// Well when nothing is wrong any more.
    var status: ExitStatus {
        findings.allSatisfy { $0.remedy == .repaired } ? .succeeded : .data
    }

    /// nil when there is nothing to tell a person.
    func text(json: Bool, width: Int?) -> String? {
        if json { return JSONOutput.list(findings) { $0.finding($1) } }
        guard !findings.isEmpty else { return nil }
        return TextTable(
            [
                .init(title: "subject"), .init(title: "places", alignment: .right), .init(title: "what is wrong", isFlexible: true),
                .init(title: "remedy"),
            ],
            rows: findings.map {
                [$0.subject.rawValue, HumanText.count($0.places), $0.message, Self.remedy($0.remedy)]
            }, width: width
        ).text()
    }

    /// What to do now, in a sentence.
    var advice: String {
        if findings.isEmpty { return "Everything agrees." }
        if findings.contains(where: { $0.remedy == .lasting }) {
            return "What only a backup has cannot be repaired: restore the data directory from one."
        }
        if findings.contains(where: { $0.remedy == .repairable }) { return "weir check --repair puts this right." }
        return "Everything agrees again."
    }

    private static func remedy(_ remedy: StoreFinding.Remedy) -> String {
        switch remedy {
        case .repaired: "repaired"
        case .repairable: "--repair"
        case .lasting: "a backup"
        }
    }
}
