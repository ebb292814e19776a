import WorkflowModel
import WorkflowOperations

/// The output of `weir secrets`.
enum SecretTables {
    static func list(_ secrets: [TenantSecret], width: Int?) -> TextTable {
        TextTable(
            [
                .init(title: "name", fit: .shortened), .init(title: "version", alignment: .right, leaves: 1),
                .init(title: "set", leaves: 2), .init(title: "by", fit: .shortened, leaves: 3),
            ],
            rows: secrets.map { [$0.name, String($0.version), HumanText.time($0.setAt), $0.setBy.name] }, width: width)
    }

    /// The result, and what to do next.
    static func text(_ report: RekeyReport) -> String {
        guard let key = report.key else { return "No secret yet, and so no key. Nothing changed." }
        let secrets = report.changed == 1 ? "1 secret" : "\(HumanText.count(report.changed)) secrets"
        let done = "Encrypted \(secrets) under the key \(key)."
        guard !report.idleKeys.isEmpty else { return done }
        let idle = report.idleKeys.joined(separator: ", ")
        return
            "\(done) No secret needs \(report.idleKeys.count == 1 ? "the key" : "the keys") \(idle) any longer: remove it from the "
            + "key file of all nodes."
    }
}
