public import Logging
import Subprocess
import SystemPackage
public import WorkflowModel

/// Executes tasks that are commands: a program with its arguments, never through a shell.
///
/// Each command leads a session and a process group of its own, reads nothing on its standard input, and prints standard
/// output and standard error into one pipe. Nothing of it is left when ``run(_:reporting:)`` returns; see ``CommandWatch``.
public struct CommandRunner: TaskRunner {
    private let environment: CommandEnvironment
    private let workDirectory: String
    private let scratchDirectory: String
    private let grace: Duration
    private let atOnce: Duration
    private let time: any TimeSource
    private let logger: Logger

    /// - Parameters:
    ///   - environment: what of the server's environment reaches the commands.
    ///   - workDirectory: absolute; below it lies the working directory of a configuration that came without one, at
    ///     `TENANT/CONFIGURATION`. Made when it is first needed.
    ///   - scratchDirectory: absolute; below it each attempt has a private directory while it goes on. Made when first needed.
    ///   - grace: between TERM and KILL, for tasks that do not say.
    ///   - atOnce: for how long after its start nobody is told that a command goes on.
    ///   - time: measures the grace.
    public init(
        environment: CommandEnvironment, workDirectory: String, scratchDirectory: String, grace: Duration = CommandLimits.grace,
        atOnce: Duration = CommandLimits.atOnce, time: any TimeSource, logger: Logger
    ) {
        self.environment = environment
        self.workDirectory = workDirectory
        self.scratchDirectory = scratchDirectory
        self.grace = grace
        self.atOnce = atOnce
        self.time = time
        self.logger = logger
    }

    public func run(_ attempt: TaskAttempt, reporting report: any TaskReport) async -> TaskOutcome {
        let order = StopOrder()
        // Not a child task: cancellation must reach the command as an order to end, not kill it at once.
        let work = Task { await execute(attempt, order: order, report: report) }
        return await withTaskCancellationHandler {
            let outcome = await work.value
            order.finish()
            return outcome
        } onCancel: {
            order.stop(grace: attempt.definition.grace ?? grace, time: time)
        }
    }

    public func endLeftovers(of tasks: Set<TaskID>) async {
        guard !tasks.isEmpty else { return }
        let signals = ProcessSignals(logger: logger)
        let scratch = scratchDirectory
        await BlockingLane("weir.leftovers").run {
            Leftovers(family: ProcessFamily(leftoversOf: tasks), signals: signals).end()
            AttemptFiles.removeLeftovers(of: tasks, in: scratch)
        }
    }

    public func endOrphans() async {
        let signals = ProcessSignals(logger: logger)
        let scratch = scratchDirectory
        await BlockingLane("weir.leftovers").run {
            Leftovers(family: .orphans, signals: signals).endWhatIsSeen()
            AttemptFiles.removeOrphans(in: scratch)
        }
    }

    private func execute(_ attempt: TaskAttempt, order: StopOrder, report: any TaskReport) async -> TaskOutcome {
        let lane = BlockingLane("weir.command")
        let preparation = await lane.run { [environment, workDirectory, scratchDirectory] in
            PreparedCommand.preparing(
                attempt, environment: environment, workDirectory: workDirectory, scratchDirectory: scratchDirectory)
        }
        switch preparation {
        case .failure(let fault):
            return order.urgency > .none ? .stopped : .failed(fault)
        case .success(let command):
            if order.urgency == .none, let pipe = BytePipe() {
                return await execute(command, for: attempt, on: lane, pipe: pipe, order: order, report: report)
            }
            await lane.run { command.files.remove() }
            return order.urgency > .none ? .stopped : .failed(CommandFault.notStarted("the system has no file descriptor left"))
        }
    }

    private func execute(
        _ command: PreparedCommand, for attempt: TaskAttempt, on lane: BlockingLane, pipe: BytePipe, order: StopOrder,
        report: any TaskReport
    ) async -> TaskOutcome {
        let startedAt = ContinuousClock.now
        let signals = ProcessSignals(logger: logger)
        // One pipe for both, so that standard output and standard error arrive in the order of writing.
        let output = FileDescriptorOutput.fileDescriptor(
            FileDescriptor(rawValue: pipe.writeEnd), closeAfterSpawningProcess: false)
        do {
            let ended = try await Subprocess.run(configuration(of: command), input: .none, output: output, error: output) {
                execution in
                pipe.closeWriteEnd()
                let process = execution.processIdentifier
                let watch = CommandWatch(
                    leader: process.value, leaderDescriptor: process.processDescriptor,
                    family: ProcessFamily(leader: process.value, task: attempt.task, attempt: attempt.number),
                    signals: signals, pipe: pipe, order: order, startedAt: startedAt, printed: { report.printed($0) })
                return await watch.result(of: command, on: lane, atOnce: atOnce) { await report.began() }
            }
            // Of one that was over at once: then its beginning and its end are one report.
            await report.began()
            let (watched, left) = ended.closureResult
            guard !watched.wasStopped else { return .stopped }
            if case .exited(0) = ended.terminationStatus, left != .none { await report.recording() }
            return CommandEnding(
                status: ended.terminationStatus.ending, output: left, lastLine: watched.tail.lastLine,
                blame: attempt.definition.blame
            ).outcome()
        } catch {
            await lane.run { command.files.remove() }
            guard order.urgency == .none else { return .stopped }
            logger.debug("A command could not be started.", metadata: ["task": "\(attempt.task)", "cause": "\(error)"])
            return .failed(CommandFault.refusal(error, of: command))
        }
    }

    private func configuration(of command: PreparedCommand) -> Subprocess.Configuration {
        var options = PlatformOptions()
        options.createSession = true
        return Subprocess.Configuration(
            executable: .path(FilePath(command.program)),
            arguments: Arguments(executablePathOverride: command.words[0], remainingValues: Array(command.words.dropFirst())),
            environment: .custom(command.variables.map { Array("\($0.key)=\($0.value)\0".utf8) }),
            workingDirectory: FilePath(command.directory), platformOptions: options)
    }
}

extension CommandWatch {
    /// Follows a command to its end, and clears up after it.
    /// - Parameter lasts: called when it is not over at once.
    fileprivate func result(
        of command: PreparedCommand, on lane: BlockingLane, atOnce: Duration, lasts: () async -> Void
    ) async -> (Report, AttemptFiles.Output) {
        var watch = self
        var deadline: ContinuousClock.Instant? = .now + atOnce
        while true {
            let (before, until) = (watch, deadline)
            let (after, result) = await lane.run { () -> (CommandWatch, (Report, AttemptFiles.Output)?) in
                var watch = before
                guard let report = watch.follow(until: until) else { return (watch, nil) }
                let output = command.files.readOutput()
                command.files.remove()
                return (watch, (report, output))
            }
            if let result { return result }
            await lasts()
            (watch, deadline) = (after, nil)
        }
    }
}

extension TerminationStatus {
    fileprivate var ending: CommandEnding.Status {
        switch self {
        case .exited(let code): .exited(Int(code))
        case .signaled(let signal): .killed(signal: Int(signal))
        }
    }
}
