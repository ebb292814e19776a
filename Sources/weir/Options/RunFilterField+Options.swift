import ArgumentParser
import WorkflowModel

/// The fields of a filter as options of the command line.
extension RunFilterField {
    var option: String { "--\(optionName)" }

    fileprivate var optionName: String { name.replacing("_", with: "-") }

    /// The value in help texts.
    fileprivate var valueName: String? {
        switch kind {
        case .dateTime: "time"
        case .duration: "duration"
        case .count: "number"
        case .words: "text"
        // An option without a value.
        case .flag: nil
        case .label: "key:value"
        case .state, .text, .attribution, .runMode: optionName.hasPrefix("not-") ? String(optionName.dropFirst(4)) : optionName
        }
    }
}

extension NameSpecification {
    static func field(_ field: RunFilterField) -> NameSpecification {
        // Pages and searches call it a workflow.
        field == .configuration ? [.customLong(field.optionName), .customLong("workflow")] : [.customLong(field.optionName)]
    }
}

extension ArgumentHelp {
    static func field(_ field: RunFilterField) -> ArgumentHelp {
        ArgumentHelp(field.mostValues > 1 ? "\(field.summary) May be repeated." : "\(field.summary)", valueName: field.valueName)
    }
}

extension RunFilterError {
    var commandLineMessage: String {
        switch self {
        case .value(let field, _): "The value \(field.kind.refusal)."
        case .tooManyValues(let field):
            field.mostValues == 1
                ? "\(field.option) has two values. Accepted: one, as an option or in the search."
                : "\(field.option) has more than \(field.mostValues) values, those of the search included."
        case .reversed(let from, _, let to, _): "\(to.option) is before \(from.option)."
        }
    }
}

extension Reading {
    /// - Returns: a reader of one value of the field, in the form that ``RunFilter/add(_:to:)`` reads.
    static func value(of field: RunFilterField) -> @Sendable (String) throws -> String {
        { text in
            switch field.kind {
            case .dateTime: return try timestamp(text).iso8601
            case .label: return try label(text).description
            case .state, .text, .words, .attribution, .runMode, .duration, .count, .flag: break
            }
            do throws(RunFilterError) {
                _ = try RunFilter { $0 == field ? [text] : [] }
                return text
            } catch {
                throw ValidationError(error.commandLineMessage)
            }
        }
    }
}
