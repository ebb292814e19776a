import Benchmark
import SQLiteStore
import WorkflowModel

/// The parts of a start and of the events after it.
func startPieces() {
    let source = ConfigurationSource(text: HotStore.source, format: .yaml, directory: nil)
    Benchmark("start: a configuration is read from YAML") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(try ConfigurationReader().read(source, file: "bench.yaml")) }
    }
    piece("start: a run is planned", times: .kilo, inStore: { hot in try hot.plan() })
    // Without concurrent writes, each start has its own flush.
    piece(
        "start: a planned run is written and flushed",
        inStore: { hot in
            try await hot.store.createRun(try hot.plan(), once: nil)
        })
    piece(
        "engine: a run of three tasks is taken to its end, in memory", times: .kilo,
        open: {
            let hot = try await HotStore.open()
            return (hot, try hot.plan())
        },
        close: { opened in try await opened.0.close() },
        body: { opened, _ in try toItsEnd(opened.1) })
}

private func toItsEnd(_ plan: RunPlan) throws -> RunProgress {
    let now = plan.createdAt
    var progress = RunProgress(
        createdAt: now, state: .started,
        tasks: plan.tasks.map {
            TaskProgress(
                id: $0.id, definitionID: $0.definitionID, label: $0.label, needs: $0.needs, state: $0.state, stateChangedAt: now)
        })
    for task in plan.tasks {
        try progress.claim(task.id, at: now)
        let lease = Lease(tenant: plan.tenant, run: plan.id, task: task.id, attempt: 1, token: 1)
        _ = try progress.commit(.began, under: lease, at: now)
        _ = try progress.commit(.succeeded(TaskOutput()), under: lease, at: now)
    }
    precondition(progress.state == .succeeded, "A piece that breaks off measures something else.")
    return progress
}
