import WorkflowModel
import WorkflowOperations

/// The output of `weir check`.
struct CheckReport {
    var findings: [StoreFinding]

    /// Success when no problem remains.
    var status: ExitStatus {
        findings.allSatisfy { $0.remedy == .repaired } ? .succeeded : .data
    }

    /// nil when there are no findings.
    func text(json: Bool, width: Int?) -> String? {
        if json { return JSONOutput.list(findings) { $0.finding($1) } }
        guard !findings.isEmpty else { return nil }
        return TextTable(
            [
                .init(title: "subject"), .init(title: "places", alignment: .right), .init(title: "problem", fit: .wrapped),
                .init(title: "remedy"),
            ],
            rows: findings.map {
                [$0.subject.rawValue, HumanText.count($0.places), $0.message, Self.remedy($0.remedy)]
            }, width: width
        ).text()
    }

    /// The result, and what to do.
    var advice: String {
        if findings.isEmpty { return "No problems found." }
        if findings.contains(where: { $0.subject == .audit }) {
            return "Find out who changed the database. Compare its audit log with a backup, or with an export."
        }
        let lasting = findings.filter { $0.remedy == .lasting }
        if !lasting.isEmpty, lasting.allSatisfy({ $0.subject == .secrets }) {
            return "Give the service the key file that the secrets were set with, or set the secrets again."
        }
        if !lasting.isEmpty {
            return "Some problems cannot be repaired. Restore the data directory from a backup."
        }
        if findings.contains(where: { $0.remedy == .repairable }) { return "Run weir check --repair to repair them." }
        return "All problems are repaired."
    }

    private static func remedy(_ remedy: StoreFinding.Remedy) -> String {
        switch remedy {
        case .repaired: "repaired"
        case .repairable: "--repair"
        case .lasting: "a backup"
        }
    }
}
