public import Logging
public import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Executes tasks that are commands: a program with its arguments, never through a shell.
///
/// Each command leads its own session and process group, has an empty standard input, and writes standard output and standard error to
/// a pipe each. All its processes have ended when ``run(_:reporting:)`` returns; see ``CommandWatch``.
public struct CommandRunner: TaskRunner {
    private let environment: CommandEnvironment
    private let workDirectory: String
    private let scratchDirectory: String
    private let grace: Duration
    private let beginDelay: Duration
    private let processes: ProcessSettings
    private let time: any TimeSource
    private let logger: Logger
    private let orders = StopOrders()
    private let shortage = Shortage()

    /// - Parameters:
    ///  - environment: the part of the server's environment that commands inherit.
    ///  - workDirectory: absolute; the parent of `TENANT/CONFIGURATION`, the working directory of a configuration without one of its
    ///    own. Created when needed.
    ///  - scratchDirectory: absolute; the parent of each attempt's private directory, which lives as long as the attempt. Created when
    ///    needed.
    ///  - grace: default time between SIGTERM and SIGKILL.
    ///  - beginDelay: the start of a command is reported after this time.
    ///  - processes: user, limits and containment of the processes.
    ///  - time: measures the grace.
    public init(
        environment: CommandEnvironment, workDirectory: String, scratchDirectory: String, grace: Duration = CommandLimits.grace,
        beginDelay: Duration = CommandLimits.beginDelay, processes: ProcessSettings = ProcessSettings(), time: any TimeSource,
        logger: Logger
    ) {
        self.environment = environment
        self.workDirectory = workDirectory
        self.scratchDirectory = scratchDirectory
        self.grace = grace
        self.beginDelay = beginDelay
        self.processes = processes
        self.time = time
        self.logger = logger
    }

    public func run(_ attempt: TaskAttempt, reporting report: any TaskReport) async -> TaskOutcome {
        let order = StopOrder()
        orders.add(order, for: attempt)
        defer { orders.remove(attempt) }
        // An unstructured task: cancellation must stop the command gracefully instead of interrupting this code.
        let work = Task { await execute(attempt, order: order, report: report) }
        return await withTaskCancellationHandler {
            let outcome = await work.value
            order.finish()
            return outcome
        } onCancel: {
            order.stop(grace: attempt.definition.grace ?? grace, time: time)
        }
    }

    /// Whether descriptors for a few tasks are available. Logs the beginning and the end of a shortage.
    public var canStart: Bool {
        guard DescriptorReserve.shared.hasEnough else {
            shortage.begin(StartFailure(step: .process, reason: EMFILE), logger: logger)
            return false
        }
        shortage.end(logger: logger)
        return true
    }

    public func endAtOnce(_ task: TaskID, attempt: Int) {
        orders.order(for: task, attempt: attempt)?.kill()
    }

    public func endLeftovers(of tasks: Set<TaskID>) async {
        guard !tasks.isEmpty else { return }
        let signals = ProcessSignals(logger: logger)
        let scratch = scratchDirectory
        let cgroups = processes.containment.cgroups
        await BlockingLane("weir.leftovers").run {
            cgroups?.endOrphans()
            Leftovers(family: ProcessFamily(leftoversOf: tasks), signals: signals).end()
            AttemptFiles.removeLeftovers(of: tasks, in: scratch)
        }
    }

    public func endOrphans() async {
        let signals = ProcessSignals(logger: logger)
        let scratch = scratchDirectory
        let cgroups = processes.containment.cgroups
        await BlockingLane("weir.leftovers").run {
            cgroups?.endOrphans()
            Leftovers(family: .orphans, signals: signals).endWhatIsSeen()
            AttemptFiles.removeOrphans(in: scratch)
        }
    }

    private func execute(_ attempt: TaskAttempt, order: StopOrder, report: any TaskReport) async -> TaskOutcome {
        let lane = BlockingLane("weir.command")
        let begun = await lane.run { begin(attempt, order: order, report: report) }
        switch begun {
        case .failure(_) where order.urgency > .none:
            return .stopped
        case .failure(let fault):
            return .failed(fault)
        case .success(let running):
            var isReported = false
            let (watched, left, status) = await running.watch.result(of: running, on: lane, beginDelay: beginDelay) {
                await report.began()
                isReported = true
            }
            // The command has already ended: begin and end become one report.
            if !isReported { await report.began() }
            guard !watched.wasStopped else {
                await report.wasEnded(
                    TaskEnding(terminatedAt: watched.terminatedAt, killedAt: watched.killedAt, goneAt: time.now))
                return .stopped
            }
            guard let status else { return .failed(CommandFault.endUnknown) }
            if status == .exited(0), left != .none { await report.recording() }
            return CommandEnding(
                status: status, output: left, lastLine: watched.tail.lastLine, blame: attempt.definition.blame,
                mask: attempt.mask
            ).outcome()
        }
    }

    /// Starts the command. Waits for a free descriptor, rather than failing the attempt. Blocks.
    private func begin(_ attempt: TaskAttempt, order: StopOrder, report: any TaskReport) -> Result<RunningCommand, RunError> {
        var (pause, waited) = (CommandLimits.firstShortagePause, Duration.zero)
        while true {
            let failure: StartFailure
            switch PreparedCommand.preparing(
                attempt, environment: environment, workDirectory: workDirectory, scratchDirectory: scratchDirectory,
                user: processes.user)
            {
            case .failure(.fault(let fault)):
                return .failure(fault)
            case .failure(.shortage):
                failure = StartFailure(step: .process, reason: EMFILE)
            case .success(let command):
                do throws(StartFailure) {
                    return .success(try start(command, for: attempt, order: order, report: report))
                } catch {
                    command.files.remove()
                    guard error.isShortage else {
                        logger.debug("could not start a command", metadata: ["task": "\(attempt.task)", "cause": "\(error)"])
                        return .failure(CommandFault.refusal(error, of: command, as: processes.user))
                    }
                    failure = error
                }
            }
            shortage.begin(failure, logger: logger)
            guard order.urgency == .none, waited < CommandLimits.longestShortage else {
                return .failure(CommandFault.shortage(failure))
            }
            order.wait(for: pause)
            waited += pause
            pause = min(pause * 2, CommandLimits.longestShortagePause)
        }
    }

    private func start(
        _ command: PreparedCommand, for attempt: TaskAttempt, order: StopOrder, report: any TaskReport
    ) throws(StartFailure) -> RunningCommand {
        // Stopped before it began: nothing is started, and the reason is never reported.
        guard order.urgency == .none else { throw StartFailure(step: .process, reason: ECANCELED) }
        guard let output = BytePipe(), let errors = BytePipe() else { throw StartFailure(step: .streams, reason: errno) }
        let cgroups = processes.containment.cgroups
        let cgroup = try cgroups?.take()
        let startedAt = ContinuousClock.now
        let process: StartedProcess
        do throws(StartFailure) {
            process = try StartedProcess.start(
                command, output: output.writeEnd, errors: errors.writeEnd, cgroup: cgroup, settings: processes)
        } catch {
            if let cgroup { cgroups?.release(cgroup) }
            throw error
        }
        output.closeWriteEnd()
        errors.closeWriteEnd()
        shortage.end(logger: logger)
        let family = ProcessFamily(
            leader: process.pid, task: attempt.task, attempt: attempt.number, cgroup: cgroup,
            adopted: processes.containment.adopted)
        let watch = CommandWatch(
            leader: process, family: family, signals: ProcessSignals(logger: logger), output: output, errors: errors,
            order: order, startedAt: startedAt, time: time, mask: attempt.mask, printed: { report.printed($0, to: $1) })
        return RunningCommand(files: command.files, process: process, watch: watch) {
            if let cgroup { cgroups?.release(cgroup) }
        }
    }
}
