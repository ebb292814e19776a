import Foundation
import PostgresStore
import TaskRunners

/// Hides the secrets of the service's process from its tasks, before the store is opened.
enum ServiceProcess {
    /// Removes secrets from the environment and the command line, and hides the process from other processes of its user.
    /// - Parameter plan: receives the password of the database, which libpq would read from the environment.
    static func close(_ plan: inout ServicePlan) {
        if let password = plan.environment["PGPASSWORD"], !password.isEmpty { plan.setDatabasePassword(password) }
        OwnProcess.hide()
        OwnProcess.forgetVariables(secrets(among: plan.environment))
        OwnProcess.forgetPasswordsInWords()
        // Unless configured otherwise: the runtime's own crash report takes half a minute, in which no request is answered.
        if plan.environment["SWIFT_BACKTRACE"] == nil { OwnProcess.reportCrashesBriefly() }
    }

    /// The names of variables that contain secrets, judging by their names, or URLs with a password. The service needs none of them.
    static func secrets(among environment: [String: String]) -> [String] {
        environment.filter { name, value in
            let words = name.uppercased().split(separator: "_")
            return words.contains { Self.secretWords.contains(String($0)) } || words.contains { $0.hasSuffix("PASSWORD") }
                || hasPassword(value)
        }.map(\.key).sorted()
    }

    private static let secretWords: Set<String> = [
        "PASSWORD", "PASSWD", "PASS", "PASSPHRASE", "PAT", "SECRET", "SECRETS", "TOKEN", "KEY", "CREDENTIAL", "CREDENTIALS",
    ]

    private static func hasPassword(_ value: String) -> Bool {
        guard let scheme = value.range(of: "://") else { return false }
        let authority = value[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let at = authority.lastIndex(of: "@") else { return false }
        return authority[..<at].contains(":")
    }
}

extension ServicePlan {
    /// Sets the password of the database and its standbys, unless their addresses have one.
    fileprivate mutating func setDatabasePassword(_ password: String) {
        if case .database(let address) = store { store = .database(address.withPassword(password)) }
        readReplicas = readReplicas.map { $0.withPassword(password) }
    }
}
