public import WorkflowModel

/// The fields of the form that adds or edits a receiver.
public struct ReceiverFields: Hashable, Sendable {
    public var name: String
    public var kind: String
    /// Empty to keep the stored address.
    public var url: String
    /// The wire names of events.
    public var events: [String]
    /// Empty for any.
    public var attribution: String
    /// Separated by spaces, commas or line breaks.
    public var types: String
    public var configurations: String

    public init(
        name: String = "", kind: String = AlertReceiver.Kind.webhook.rawValue, url: String = "",
        events: [String] = [AlertEvent.failed.rawValue], attribution: String = "", types: String = "", configurations: String = ""
    ) {
        self.name = name
        self.kind = kind
        self.url = url
        self.events = events
        self.attribution = attribution
        self.types = types
        self.configurations = configurations
    }

    /// Without the address, which may be a secret.
    public init(_ receiver: AlertReceiver) {
        self.init(
            name: receiver.name, kind: receiver.kind.rawValue, events: receiver.rule.events.map(\.rawValue),
            attribution: receiver.rule.attribution?.rawValue ?? "", types: receiver.rule.types.joined(separator: "\n"),
            configurations: receiver.rule.configurations.joined(separator: "\n"))
    }
}

/// The form that adds a receiver, or edits one.
public struct ReceiverFormPage: Page {
    public static let template = "receiver_form"

    public let title: String
    public var section: Section? { .alerts }

    var action: String
    var formToken: String
    /// The name of the receiver that is edited; empty for a new one.
    var name: String
    var isNew: Bool
    var nameRule = AlertReceiver.nameRule
    var url: String
    var longestURL = AlertLimits.urlBytes
    /// The host of the stored address; nil for a new receiver.
    var shownURL: String?
    var kinds: [Option]
    var events: [Option]
    var attributions: [Option]
    var types: String
    var configurations: String
    var hasFilters: Bool
    var button: String
    var back = PageAddress.alerts
    var problem: String?

    /// - Parameters:
    ///   - receiver: the one that is edited; nil for a new one.
    ///   - problem: why the fields are refused, in one sentence.
    public init(_ fields: ReceiverFields, of receiver: AlertReceiver?, problem: String? = nil, for visitor: Visitor) {
        title = receiver.map { "Edit the receiver \($0.name)" } ?? "Add receiver"
        action = receiver.map { PageAddress.editReceiver($0.name) } ?? PageAddress.receivers
        formToken = visitor.formToken
        name = fields.name
        isNew = receiver == nil
        url = fields.url
        shownURL = receiver?.shownURL
        kinds = AlertReceiver.Kind.allCases.map { kind in
            let label =
                switch kind {
                case .webhook: "webhook: signed JSON"
                case .slack: "slack: a text message"
                }
            return Option(value: kind.rawValue, label: label, isChosen: kind.rawValue == fields.kind)
        }
        events = AlertEvent.allCases.map {
            Option(value: $0.rawValue, label: AlertText.event($0), isChosen: fields.events.containsExactly($0.rawValue))
        }
        let any = Option(value: "", label: "The customer or the platform", isChosen: fields.attribution.isEmpty)
        attributions =
            [any]
            + Attribution.allCases.map { each in
                let label =
                    switch each {
                    case .customer: "The customer only"
                    case .platform: "The platform only"
                    }
                return Option(value: each.rawValue, label: label, isChosen: each.rawValue == fields.attribution)
            }
        types = fields.types
        configurations = fields.configurations
        hasFilters = !fields.types.isEmpty || !fields.configurations.isEmpty
        button = receiver == nil ? "Add receiver" : "Save"
        self.problem = problem
    }
}

/// Shows the secret of a receiver once.
public struct ReceiverSecretPage: Page {
    public static let template = "receiver_secret"

    public let title: String
    public var section: Section? { .alerts }

    var name: String
    var secret: String
    var note: String
    var testAction: String
    var formToken: String
    var back = PageAddress.alerts

    /// - Parameter isRotation: whether the secret replaces a previous one.
    public init(_ receiver: AlertReceiver, secret: String, isRotation: Bool, for visitor: Visitor) {
        title = isRotation ? "New secret of \(receiver.name)" : "Receiver \(receiver.name)"
        name = receiver.name
        self.secret = secret
        note =
            isRotation
            ? "The previous secret signs too for 24 hours, so that the receiver can be changed in that time."
            : "It signs the alerts, so that the receiver can verify them."
        testAction = PageAddress.testReceiver(receiver.name)
        formToken = visitor.formToken
    }
}

/// The outcome of a test of a receiver.
public struct ReceiverTestPage: Page {
    public static let template = "receiver_test"

    public let title: String
    public var section: Section? { .alerts }

    var isDelivered: Bool
    var answer: String
    var testAction: String
    var formToken: String
    var edit: String
    var back = PageAddress.alerts

    /// - Parameter answer: the outcome in one sentence.
    public init(_ receiver: String, isDelivered: Bool, answer: String, for visitor: Visitor) {
        title = isDelivered ? "\(receiver) accepted the test" : "\(receiver) did not accept the test"
        self.isDelivered = isDelivered
        self.answer = answer
        testAction = PageAddress.testReceiver(receiver)
        edit = PageAddress.editReceiver(receiver)
        formToken = visitor.formToken
    }
}

extension ConfirmPage {
    public static func deleteReceiver(_ receiver: AlertReceiver, for visitor: Visitor) -> ConfirmPage {
        ConfirmPage(
            title: "Delete the receiver \(receiver.name)?", section: .alerts,
            text: "Its waiting alerts are given up, and rules of workflows that name it send nothing. This cannot be undone.",
            action: PageAddress.deleteReceiver(receiver.name), formToken: visitor.formToken, button: "Delete the receiver",
            isDanger: true, back: PageAddress.alerts)
    }

    public static func rotateReceiver(_ receiver: AlertReceiver, for visitor: Visitor) -> ConfirmPage {
        ConfirmPage(
            title: "Rotate the secret of \(receiver.name)?", section: .alerts,
            text: "The receiver gets a new secret, which is shown once. The previous one signs too for 24 hours.",
            action: PageAddress.rotateReceiver(receiver.name), formToken: visitor.formToken, button: "Rotate", isDanger: false,
            back: PageAddress.alerts)
    }
}
