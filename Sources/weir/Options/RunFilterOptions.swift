import ArgumentParser
import WorkflowModel

/// One option for each field of a filter of runs.
struct RunFilterOptions: ParsableArguments {
    @Option(
        name: .field(.createdFrom), parsing: .unconditional, help: .field(.createdFrom), transform: Reading.value(of: .createdFrom))
    var createdFrom: String?

    @Option(
        name: .field(.createdTo), parsing: .unconditional, help: .field(.createdTo), transform: Reading.value(of: .createdTo))
    var createdTo: String?

    @Option(
        name: .field(.endedFrom), parsing: .unconditional, help: .field(.endedFrom), transform: Reading.value(of: .endedFrom))
    var endedFrom: String?

    @Option(
        name: .field(.endedTo), parsing: .unconditional, help: .field(.endedTo), transform: Reading.value(of: .endedTo))
    var endedTo: String?

    @Option(
        name: .field(.state), help: .field(.state), completion: .list(SearchCompletion.states),
        transform: Reading.value(of: .state))
    var state: [String] = []

    @Option(name: .field(.type), help: .field(.type), transform: Reading.value(of: .type))
    var type: [String] = []

    @Option(
        name: .field(.configuration), help: .field(.configuration), completion: .custom(ServiceCompletion.workflows),
        transform: Reading.value(of: .configuration))
    var configuration: [String] = []

    @Option(name: .field(.principal), help: .field(.principal), transform: Reading.value(of: .principal))
    var principal: [String] = []

    @Option(
        name: .field(.attribution), help: .field(.attribution), completion: .list(Attribution.allCases.map(\.rawValue)),
        transform: Reading.value(of: .attribution))
    var attribution: [String] = []

    @Option(name: .field(.errorType), help: .field(.errorType), transform: Reading.value(of: .errorType))
    var errorType: [String] = []

    @Option(name: .field(.text), help: .field(.text), transform: Reading.value(of: .text))
    var text: [String] = []

    @Option(name: .field(.label), help: .field(.label), transform: Reading.value(of: .label))
    var label: [String] = []

    @Option(
        name: .field(.runMode), help: .field(.runMode), completion: .list(RunMode.allCases.map(\.rawValue)),
        transform: Reading.value(of: .runMode))
    var runMode: String?

    @Option(name: .field(.schedule), help: .field(.schedule), transform: Reading.value(of: .schedule))
    var schedule: String?

    @Option(name: .field(.rerunOf), help: .field(.rerunOf), transform: Reading.value(of: .rerunOf))
    var rerunOf: String?

    @Option(name: .field(.runtimeFrom), help: .field(.runtimeFrom), transform: Reading.value(of: .runtimeFrom))
    var runtimeFrom: String?

    @Option(name: .field(.runtimeTo), help: .field(.runtimeTo), transform: Reading.value(of: .runtimeTo))
    var runtimeTo: String?

    @Option(name: .field(.attemptsFrom), help: .field(.attemptsFrom), transform: Reading.value(of: .attemptsFrom))
    var attemptsFrom: String?

    @Flag(name: .field(.hasWarnings), inversion: .prefixedNo, help: .field(.hasWarnings))
    var hasWarnings: Bool?

    @Option(name: .field(.notType), help: .field(.notType), transform: Reading.value(of: .notType))
    var notType: [String] = []

    @Option(
        name: .field(.notConfiguration), help: .field(.notConfiguration), completion: .custom(ServiceCompletion.workflows),
        transform: Reading.value(of: .notConfiguration))
    var notConfiguration: [String] = []

    @Option(name: .field(.notPrincipal), help: .field(.notPrincipal), transform: Reading.value(of: .notPrincipal))
    var notPrincipal: [String] = []

    @Option(name: .field(.notErrorType), help: .field(.notErrorType), transform: Reading.value(of: .notErrorType))
    var notErrorType: [String] = []

    @Option(name: .field(.notText), help: .field(.notText), transform: Reading.value(of: .notText))
    var notText: [String] = []

    @Option(name: .field(.notLabel), help: .field(.notLabel), transform: Reading.value(of: .notLabel))
    var notLabel: [String] = []

    /// - Returns: the values of a field, in the form of ``RunFilter/init(reading:)``.
    func texts(of field: RunFilterField) -> [String] {
        switch field {
        case .createdFrom: [createdFrom].compactMap(\.self)
        case .createdTo: [createdTo].compactMap(\.self)
        case .endedFrom: [endedFrom].compactMap(\.self)
        case .endedTo: [endedTo].compactMap(\.self)
        case .state: state
        case .type: type
        case .configuration: configuration
        case .principal: principal
        case .attribution: attribution
        case .errorType: errorType
        case .text: text
        case .label: label
        case .runMode: [runMode].compactMap(\.self)
        case .schedule: [schedule].compactMap(\.self)
        case .rerunOf: [rerunOf].compactMap(\.self)
        case .runtimeFrom: [runtimeFrom].compactMap(\.self)
        case .runtimeTo: [runtimeTo].compactMap(\.self)
        case .attemptsFrom: [attemptsFrom].compactMap(\.self)
        case .hasWarnings: hasWarnings.map { [String($0)] } ?? []
        case .notType: notType
        case .notConfiguration: notConfiguration
        case .notPrincipal: notPrincipal
        case .notErrorType: notErrorType
        case .notText: notText
        case .notLabel: notLabel
        }
    }

    /// - Throws: `ValidationError` in the words of the command line.
    func filter() throws -> RunFilter {
        do throws(RunFilterError) {
            return try RunFilter { texts(of: $0) }
        } catch {
            throw ValidationError(error.commandLineMessage)
        }
    }
}
