import Logging
import WorkflowModel

/// One attempt from claim to end: read the definition, run it under its timeout, decide the outcome, report it.
struct AttemptPipeline: Sendable {
    let store: any WorkStore
    let runners: [ExecutionType: any TaskRunner]
    let time: any TimeSource
    let random: any RandomSource
    let settings: EngineSettings
    let definitions: DefinitionCache
    let secrets: any SecretSource
    let logger: Logger

    /// Executes a claimed task. Must not be called in a task that may be cancelled: only the handle ends an attempt.
    /// - Returns: when the next attempt may begin; nil for none.
    func execute(_ claimed: ClaimedTask, handle: AttemptHandle) async -> Timestamp? {
        let metadata = claimed.lease.logMetadata.merging(["definition": "\(claimed.definitionID)"]) { $1 }
        let retry = StoreRetry(time: time, random: random, logger: logger)
        let report = AttemptReport(
            lease: claimed.lease, resumed: claimed.resumed, handle: handle, metadata: metadata, store: store, time: time,
            retry: retry,
            settings: settings)
        let event: TaskEvent?
        let preparation = AttemptPreparation(
            claimed: claimed, store: store, runners: runners, definitions: definitions, secrets: secrets,
            handle: handle, retry: retry, metadata: metadata)
        switch await preparation.prepared() {
        case .ready(let attempt, let runner)?:
            let (outcome, reason) = await outcome(of: attempt, by: runner, handle: handle, report: report)
            event = decision(claimed, attempt.definition).event(for: outcome, toldToEnd: reason)
        case .faulty(let error, let definition)?:
            handle.finishWork()
            event = decision(claimed, definition).event(for: .failed(error), toldToEnd: handle.reason)
        case .unusable(let version)?: event = .failed(version.runError)
        case nil: event = nil
        }
        guard let event else {
            await report.abandoned()
            logger.warning("the lease of a task was lost; its work has been stopped", metadata: metadata)
            return nil
        }
        return await conclude(event, report: report, metadata: metadata)
    }

    private func decision(_ claimed: ClaimedTask, _ definition: TaskDefinition) -> AttemptDecision {
        AttemptDecision(
            attempt: claimed.lease.attempt, definition: definition, now: time.now, random: random.fraction(),
            wait: claimed.resumed?.wait)
    }

    /// Executes the attempt, or goes on with it. When it ends too early, the work outside is canceled.
    private func outcome(
        of attempt: TaskAttempt, by runner: any TaskRunner, handle: AttemptHandle, report: AttemptReport
    ) async -> (TaskOutcome, EndReason?) {
        guard let resumed = attempt.resumed else { return await run(attempt, by: runner, handle: handle, report: report) }
        if resumed.isStopping {
            handle.end(.stopRequested)
        } else if resumed.wait.isOverdue(at: time.now) {
            handle.end(.timedOut)
        }
        let (outcome, reason) = await run(attempt, by: runner, handle: handle, report: report)
        switch (reason, outcome) {
        case (.stopRequested?, .stopped), (.stopRequested?, .waiting), (.timedOut?, .stopped), (.timedOut?, .waiting):
            await runner.cancelOutside(attempt, reporting: report)
            // Nothing is left to wait for.
            return (.stopped, handle.reason)
        case (.stopRequested?, _), (.timedOut?, _), (.shutDown?, _), (.cutOff?, _), (.leaseLost?, _), (nil, _):
            return (outcome, reason)
        }
    }

    private func run(
        _ attempt: TaskAttempt, by runner: any TaskRunner, handle: AttemptHandle, report: AttemptReport
    ) async -> (TaskOutcome, EndReason?) {
        let work = handle.start(grace: attempt.definition.graceAtEnd) {
            runner.endAtOnce(attempt.task, attempt: attempt.number)
        } _: {
            await runner.run(attempt, reporting: report)
        }
        guard let work else {
            handle.finishWork()
            return (.stopped, handle.reason)
        }
        let begin = time.now
        let end = attempt.resumed.map(\.wait.deadline) ?? attempt.definition.timeout.map { begin + $0 }
        let deadline = end.map { end in
            Task {
                try await time.sleep(for: max(end - begin, .zero))
                handle.end(.timedOut)
            }
        }
        let outcome = await work.value
        let reason = handle.reason
        handle.finishWork()
        deadline?.cancel()
        return (attempt.mask.masked(outcome).waiting(until: end), reason)
    }

    private func conclude(_ event: TaskEvent, report: AttemptReport, metadata: Logger.Metadata) async -> Timestamp? {
        switch await report.ended(with: event) {
        case .accepted(let state)?:
            log(event, became: state, metadata: metadata)
            switch (state, event) {
            case (.inProgress, .retrying(_, let instant, _)): return instant
            case (.running, .waiting(let wait, _)): return wait.until
            default: break
            }
        case .stale?:
            logger.warning("the outcome of a task was rejected: its lease is stale", metadata: metadata)
        case nil:
            logger.error("the outcome of a task could not be reported; the task will be rescued", metadata: metadata)
        }
        return nil
    }

    private func log(_ event: TaskEvent, became state: TaskState, metadata: Logger.Metadata) {
        switch (event, state) {
        case (_, .canceled): logger.info("task stopped", metadata: metadata)
        case (.failed(let error, _), _):
            logger.notice("task failed", metadata: metadata.merging(error.logMetadata) { $1 })
        case (.retrying(let error, let instant, _), _):
            let again: Logger.Metadata = ["again_at": "\(instant.iso8601)"]
            logger.notice(
                "task failed and will be retried", metadata: metadata.merging(error.logMetadata) { $1 }.merging(again) { $1 })
        case (.succeeded, _): logger.debug("task succeeded", metadata: metadata)
        case (.waiting(let wait, _), _):
            logger.debug(
                "task waits for work outside",
                metadata: metadata.merging(["checks": "\(wait.checks)", "again_at": "\(wait.until.iso8601)"]) { $1 })
        case (.began, _), (.recording, _), (.stopped, _): break
        }
    }
}

extension TaskOutcome {
    /// With the end of the attempt's timeout, which a later worker observes.
    fileprivate func waiting(until deadline: Timestamp?) -> TaskOutcome {
        guard case .waiting(var wait, let runID) = self else { return self }
        wait.deadline = deadline
        return .waiting(wait.resumed(at: wait.until), runID: runID)
    }
}

extension TaskDefinition {
    /// The grace of the task; nil for the engine's. An HTTP request ends immediately.
    fileprivate var graceAtEnd: Duration? {
        switch action.executionType {
        case .http, .workflow: .zero
        case .command: grace
        }
    }
}
