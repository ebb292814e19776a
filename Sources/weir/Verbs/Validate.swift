import ArgumentParser
import WorkflowAPI
import WorkflowModel
import WorkflowOperations

struct Validate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks configuration files without a service.",
        discussion: """
            Checks everything that the files alone decide: members and their values, needs and their cycles, parameters, schedules \
            with the time zones of this machine, and limits. Each problem is reported with its file and line. Then it lists what it \
            cannot check. weir apply --dry-run asks a service.

            The exit code is 0 for valid files, 65 for wrong ones, and 66 for a file that cannot be read. A .json file is read as \
            JSON, any other file as YAML.

            EXAMPLE
              weir validate workflows/*.yaml
            """)

    @Argument(help: "Configuration files; - for standard input.")
    var files: [String]

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard files.count(where: { $0 == ConfigurationFile.standardInput }) <= 1 else {
            throw ValidationError("Standard input (-) can be read only once.")
        }
    }

    func run() async throws {
        let paths = files
        let files = try await OwnThread.run {
            let files = try ConfigurationFile.read(paths)
            try ConfigurationFile.checkZones(of: files)
            return files
        }
        for warning in files.flatMap({ CredentialLiterals.warnings(in: $0.source, file: $0.name) }) {
            Console.standard.note("Warning: \(warning)")
        }
        try Console.standard.print(output.json ? Self.json(files) : Self.text(files))
    }

    static func text(_ files: [ConfigurationFile]) -> String {
        let lines = files.map { file in
            "\(HumanText.printable(file.name)): \(HumanText.printable(file.id)) is valid, with \(counts(file.configuration))"
        }
        let unchecked = files.filter { !$0.openQuestions.isEmpty }.map { file in
            "\(HumanText.printable(file.name)): \(HumanText.printable(file.openQuestions.joined(separator: ", ")))"
        }
        guard !unchecked.isEmpty else { return lines.joined(separator: "\n") }
        return (lines + ["Not checked, because it depends on the service and its workers:"] + unchecked).joined(separator: "\n")
    }

    private static func counts(_ configuration: WorkflowConfiguration) -> String {
        func count(_ number: Int, _ one: String) -> String { "\(number) \(one)\(number == 1 ? "" : "s")" }
        var words = [count(configuration.stages.count, "stage"), count(configuration.tasks.count, "task")]
        if !configuration.schedules.isEmpty { words.append(count(configuration.schedules.count, "schedule")) }
        return words.joined(separator: ", ")
    }

    /// `{"data": […]}`
    static func json(_ files: [ConfigurationFile]) -> String {
        JSONOutput.list(files) { json, file in
            json.object { json in
                json.member("file", file.name)
                json.member("id", file.id)
                json.member("name", file.configuration.name)
                json.member("type", file.configuration.type)
                json.member("labels", file.configuration.labels)
                json.member("tasks", file.configuration.tasks.count)
                json.name("not_checked")
                json.array(of: file.openQuestions) { $0.string($1) }
            }
        }
    }
}

extension ConfigurationFile {
    /// References that the file alone does not decide: to the service, to its workers, and to other services.
    var openQuestions: [String] {
        let zones = Set(configuration.schedules.map(\.timeZone)).map { "the time zone \($0)" }
        let programs = Set(configuration.tasks.compactMap(\.program)).sorted().map { "the program \($0.text)" }
        let calls = configuration.tasks.count { $0.action.executionType == .http }
        let services = calls == 0 ? [] : ["the addresses of \(calls) HTTP task\(calls == 1 ? "" : "s")"]
        let called = configuration.calledWorkflows.map { "the workflow \($0)" }
        let secrets = configuration.secretNames.map { "the secret \($0.text)" }
        return claims.filter { !zones.contains($0) } + programs + services + called + secrets
    }
}

extension TaskDefinition {
    fileprivate var program: ExactText? {
        guard case .command(let words) = action else { return nil }
        return words.first.map { ExactText($0) }
    }
}
