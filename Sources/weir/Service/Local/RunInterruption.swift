import Foundation
import SQLiteStore
import UnixSignals
import WorkflowModel

/// Stops a local run at a signal: the first one stops it gracefully, a later one ends the program at once.
struct RunInterruption: Sendable {
    let signals: UnixSignalsSequence
    let run: RunID
    let tenant: Tenant
    let store: SQLiteStore
    let console: Console
    /// Kills all tasks and removes the data.
    let endAtOnce: @Sendable () -> Void

    /// Returns when the surrounding task is cancelled.
    func watch() async {
        let time = SystemTime()
        var received = ShutdownSignals()
        for await signal in signals {
            switch received.action(for: signal, at: time.elapsed) {
            case .ignore, .repeated: continue
            case .shutDown:
                console.note("Stopping the run. Press Ctrl-C again to end at once.")
                let stop = RunStop(requestedAt: time.now, requestedBy: LocalRun.principal)
                _ = try? await store.stopRun(run, of: tenant, for: stop)
            case .endAtOnce:
                endAtOnce()
                console.note("weir: ended at once. Running tasks were killed.")
                exit(ServiceSignals.exitCode(for: signal))
            }
        }
    }
}
