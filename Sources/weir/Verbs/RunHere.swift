import ArgumentParser
import Foundation
import TaskRunners
import WorkflowEngine
import WorkflowModel
import WorkflowOperations

struct RunHere: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a workflow from its file, here and without a service.",
        discussion: """
            Runs the workflow with the same engine as the service, and prints the output of its tasks as it comes, each line after \
            the id of its task. States go to standard error. Nothing is kept: the data is in a temporary directory that is removed \
            at the end. Schedules, alerts, resources and limits on parallel runs have no effect.

            Commands get the same variables as from the service: --allow-env adds others. The exit code tells the result, as with \
            weir start --wait: 0 succeeded, 1 failed (customer), 2 failed (platform or unknown), 3 stopped.

            Ctrl-C stops the run: its tasks get SIGTERM and their grace, and closing tasks run. A second Ctrl-C kills them.

            A secret that tasks name comes from --secret name=@file, or from the variable WEIR_SECRET_NAME, in capitals and with _ \
            for -. It is masked in the output.

            --task runs a single task. The tasks that it needs do not run; --outputs gives their outputs, else they are {}.

            EXAMPLE
              weir run daily.yaml --param day=2026-11-01
              weir run daily.yaml --task load --outputs list-files=@files.json
            """)

    @Argument(help: "Configuration file; - for standard input.")
    var file: String

    @Option(help: ArgumentHelp("Run this task only.", valueName: "id"))
    var task: String?

    @Option(
        help: ArgumentHelp(
            "Outputs of a task that --task needs, a JSON object; may be repeated.", valueName: "task=@file.json"),
        transform: Reading.givenOutputs)
    var outputs: [GivenOutputs] = []

    @OptionGroup var parameters: ParameterOptions
    @OptionGroup var secrets: LocalSecretOptions

    @Option(help: "source, refresh or full. (default: the configuration's run mode)", transform: Reading.runMode)
    var runMode: RunMode?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Beginning of the data range.", valueName: "time"), transform: Reading.timestamp
    )
    var rangeFrom: Timestamp?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("End of the data range, not included.", valueName: "time"),
        transform: Reading.timestamp)
    var rangeTo: Timestamp?

    @Option(help: ArgumentHelp("Tenant that the tasks see. (default: local)", valueName: "name"), transform: Reading.tenant)
    var tenant: Tenant?

    @Option(
        help: ArgumentHelp("Tasks that run in parallel. (default: twice the number of cores)", valueName: "number"),
        transform: Reading.number(1...1_024))
    var workers: Int?

    @Option(
        help: ArgumentHelp("Time between SIGTERM and SIGKILL for a task's command. (default: 10s)", valueName: "duration"),
        transform: Reading.duration)
    var grace: Duration?

    @Option(
        name: .customLong("allow-env"),
        help: ArgumentHelp(
            "Environment variables that commands may see besides PATH, HOME, LANG and TZ, separated by commas; may be repeated.",
            valueName: "name"),
        transform: Reading.variables)
    var allowedVariables: [[String]] = []

    func validate() throws {
        if rangeTo != nil, rangeFrom == nil { throw ValidationError("--range-to needs --range-from.") }
        if let rangeFrom, let rangeTo, rangeTo < rangeFrom { throw ValidationError("--range-to is before --range-from.") }
        try parameters.check()
        try secrets.check(besides: file)
        guard !outputs.isEmpty else { return }
        guard task != nil else {
            throw ValidationError("--outputs needs --task. Without it, all tasks run and have their own outputs.")
        }
        let names = outputs.map(\.task)
        if let name = names.first(where: { name in names.count { $0.isIdentical(to: name) } > 1 }) {
            throw ValidationError("--outputs gives the outputs of \(HumanText.printable(name)) twice. Give each task one object.")
        }
    }

    func run() async throws {
        let path = file
        let file = try await OwnThread.run {
            let files = try ConfigurationFile.read([path])
            try ConfigurationFile.checkZones(of: files)
            return files
        }.first
        guard let file else { return }
        let given = outputs
        let choice = try await OwnThread.run { [task] in
            try task.map { LocalRun.Choice(task: $0, outputs: try GivenOutputs.values(given)) }
        }
        let variables = ProcessInfo.processInfo.environment
        let arguments = secrets.secret
        let values = try await OwnThread.run { try LocalSecretOptions.values(arguments) }
        guard let standard = Tenant("local") else { return }
        let run = LocalRun(
            file: file, tenant: tenant ?? standard, runMode: runMode,
            range: rangeFrom.map { TimeWindow(from: $0, to: rangeTo) }, parameters: try parameters.values(), choice: choice,
            workers: workers ?? Cores.count * 2, grace: grace ?? EngineSettings.standardGrace,
            environment: CommandEnvironment(
                inherited: variables, allowed: allowedVariables.flatMap(\.self)), proxies: try ServicePlan.proxies(variables),
            secrets: LocalSecrets(given: values, variables: variables))
        let details = try await run.run()
        Console.standard.note(TaskProgress.sentence(details.run))
        throw Start.ending(of: details.run)
    }
}
