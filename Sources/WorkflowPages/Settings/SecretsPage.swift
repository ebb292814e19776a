public import WorkflowModel

/// Settings › Secrets: names, and who set them when.
public struct SecretsPage: Page {
    public static let template = "secrets"

    struct Row: Sendable {
        var name: String
        var version: Int
        var setBy: String
        var setAt: TimeText
        var replace: String
        var drop: String
    }

    public var title: String { "Secrets" }
    public var section: Section? { .secrets }

    var tenant: String
    var isEmpty: Bool
    var rows: [Row]

    public init(_ secrets: [TenantSecret], for visitor: Visitor) {
        tenant = visitor.tenant.name
        isEmpty = secrets.isEmpty
        rows = secrets.map { secret in
            Row(
                name: secret.name, version: secret.version, setBy: secret.setBy.name.visible(), setAt: TimeText(secret.setAt),
                replace: PageAddress.newSecret(secret.name), drop: PageAddress.deleteSecret(secret.name))
        }
    }
}

/// The form that sets a secret. It never shows a value, also not one that was refused.
public struct NewSecretPage: Page {
    public static let template = "new_secret"

    public var title: String { "Set secret" }
    public var section: Section? { .secrets }

    var name: String
    var longestName: Int
    var shortest: Int
    var formToken: String
    var problem: String?

    public init(name: String = "", problem: String? = nil, for visitor: Visitor) {
        self.name = name
        longestName = SecretRule.longestName
        shortest = SecretRule.shortestValue
        formToken = visitor.formToken
        self.problem = problem
    }
}

extension ConfirmPage {
    public static func deleteSecret(_ name: String, for visitor: Visitor) -> ConfirmPage {
        ConfirmPage(
            title: "Delete the secret \(name)?", section: .secrets,
            text: "Tasks that name it fail from their next attempt on. The value cannot be recovered.",
            action: PageAddress.deleteSecret(name),
            formToken: visitor.formToken, button: "Delete the secret", isDanger: true, back: PageAddress.secrets)
    }
}
