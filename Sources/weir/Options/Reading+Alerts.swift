import ArgumentParser
import WorkflowModel

extension Reading {
    @Sendable static func alertState(_ text: String) throws -> Alert.State {
        guard let state = Alert.State(rawValue: text) else {
            throw ValidationError("Accepted: pending, delivered, given-up.")
        }
        return state
    }

    @Sendable static func receiverKind(_ text: String) throws -> AlertReceiver.Kind {
        guard let kind = AlertReceiver.Kind(rawValue: text) else { throw ValidationError("Accepted: webhook, slack.") }
        return kind
    }

    @Sendable static func receiver(_ text: String) throws -> String {
        guard AlertReceiver.isName(text) else {
            throw ValidationError("Accepted: the name of a receiver, \(AlertReceiver.nameRule).")
        }
        return text
    }

    @Sendable static func attribution(_ text: String) throws -> Attribution {
        guard let attribution = Attribution(rawValue: text) else { throw ValidationError("Accepted: customer, platform.") }
        return attribution
    }

    /// `failed,tick-missed`.
    @Sendable static func alertEvents(_ text: String) throws -> Set<AlertEvent> {
        let words = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.replacing("-", with: "_") }
        return Set(
            try words.map { word in
                guard let event = AlertEvent(rawValue: String(word)) else {
                    throw ValidationError("Accepted: failed, succeeded, stopped, warning, slow, tick-missed, separated by commas.")
                }
                return event
            })
    }

    @Sendable static func addressRange(_ text: String) throws -> AddressRange {
        guard let range = AddressRange(text) else { throw ValidationError("Accepted: \(AddressRange.rule).") }
        return range
    }
}
