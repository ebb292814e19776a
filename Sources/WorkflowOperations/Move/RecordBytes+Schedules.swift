import WorkflowModel

extension RecordBytes {
    init(_ schedules: TransferredSchedules) {
        add(schedules.tenant.name)
        add(schedules.configuration)
        add(schedules.revision)
        add(schedules.decidedUntil)
        add(schedules.wakeAt)
        add(schedules.waitsForRun ? 1 : 0)
        add(schedules.stretches.count)
        for stretch in schedules.stretches {
            add(stretch.version.rawValue)
            add(stretch.begin)
            add(stretch.end)
        }
    }

    init(_ tick: ScheduleTick) {
        add(tick.tenant.name)
        add(tick.configuration)
        add(tick.schedule)
        add(tick.instant)
        add(tick.outcome.rawValue)
        add(tick.reason?.rawValue)
        add(tick.note)
        add(tick.run?.rawValue)
        add(tick.mergedInto)
        add(tick.dueAt)
        add(tick.periodFrom)
        add(tick.decidedAt)
        add(tick.isBackfilled ? 1 : 0)
    }
}
