import WorkflowModel

extension RecordBytes {
    init(_ transferred: TransferredRun) {
        let run = transferred.run
        add(run.tenant.name)
        add(run.id.rawValue)
        add(run.name)
        add(run.type)
        add(run.state.rawValue)
        add(run.createdAt)
        add(run.endedAt)
        add(run.principal)
        add(run.error)
        add(run.origin)
        add(run.attempts)
        add(run.warnings)
        add(transferred.isImported ? 1 : 0)
        add(transferred.launchedVersion?.rawValue)
        add(transferred.importedVersion?.rawValue)
        add(transferred.stop) { bytes, stop in
            bytes.add(stop.requestedAt)
            bytes.add(stop.requestedBy)
            bytes.add(stop.reason)
        }
        add(transferred.warnAfter)
        add(transferred.warnAt)
        add(transferred.calledBy?.run.rawValue)
        add(transferred.calledBy?.task.rawValue)
        add(transferred.tasks.count)
        add(transferred.notes.count)
        for note in transferred.notes {
            add(note.writtenBy)
            add(note.writtenAt)
            add(note.text)
        }
        add(transferred.resolutions.count)
        for resolution in transferred.resolutions {
            add(resolution.task.rawValue)
            add(resolution.resolution.rawValue)
            add(resolution.reason)
            add(resolution.resolvedAt)
            add(resolution.resolvedBy)
        }
        add(transferred.subscriptions.count)
        for subscription in transferred.subscriptions {
            add(subscription.receiver)
            add(subscription.requestedBy)
            add(subscription.requestedAt)
        }
    }

    init(_ task: TransferredTask) {
        let instance = task.instance
        add(instance.tenant.name)
        add(instance.run.rawValue)
        add(task.position)
        add(instance.id.rawValue)
        add(instance.label)
        add(instance.state.rawValue)
        add(instance.stateChangedAt)
        add(instance.createdAt)
        add(instance.endedAt)
        add(instance.executionType)
        add(instance.engineRunID)
        add(instance.definitionID)
        add(instance.definitionType)
        add(instance.timeout)
        add(instance.error)
        add(instance.stage)
        add(instance.attempts)
        add(instance.keptFrom?.rawValue)
        add(instance.resolution?.rawValue)
        add(instance.gate?.storedText)
        add(instance.fan?.storedText)
        add(instance.item?.text)
        add(instance.warnings.count)
        for text in instance.warnings.texts { add(text) }
        add(task.needs.count)
        for id in task.needs { add(id) }
        add(ResourceUse.text(task.uses))
        add(task.readyAt)
        add(task.token)
        add(task.holder) { bytes, holder in
            bytes.add(holder.worker)
            bytes.add(holder.leaseExpiresAt)
        }
        add(task.outputs?.text)
        add(task.wait?.storedText)
    }

    init(_ attempt: TransferredAttempt, of task: TransferredTask) {
        add(task.instance.tenant.name)
        add(task.instance.run.rawValue)
        add(task.instance.id.rawValue)
        add(attempt.number)
        add(attempt.startedAt)
        add(attempt.endedAt)
        add(attempt.outcome?.rawValue)
        add(attempt.error)
        add(attempt.output.lowerBound)
        add(attempt.output.upperBound)
        add(attempt.ending) { bytes, ending in
            bytes.add(ending.terminatedAt)
            bytes.add(ending.killedAt)
            bytes.add(ending.callCanceledAt)
            bytes.add(ending.goneAt)
        }
    }

    init(_ output: TransferredOutput) {
        add(output.tenant.name)
        add(output.run.rawValue)
        add(output.runCreatedAt)
        add(output.position)
        add(output.attempt)
        add(output.chunk.offset)
        add(output.chunk.bytes)
        add(output.chunk.marks.lineBreaks) { $0.add($1) }
        for mark in output.chunk.marks.all {
            add(mark.offset)
            add(mark.time)
            add(mark.stream?.rawValue)
        }
    }

    private mutating func add(_ origin: RunOrigin) {
        add(origin.configuration)
        add(origin.labels.count)
        for label in origin.labels {
            add(label.key)
            add(label.value)
        }
        add(origin.parameters.storedText)
        add(origin.runMode?.rawValue)
        add(origin.range?.from)
        add(origin.range?.to)
        add(origin.scheduledFor)
        add(origin.schedule)
        add(origin.rerunOf?.rawValue)
        add(origin.trigger?.json.text)
    }

    init(_ startKey: TransferredStartKey) {
        add(startKey.tenant.name)
        add(startKey.key.owner)
        add(startKey.key.text)
        add(startKey.key.fingerprint)
        add(startKey.run.rawValue)
        add(startKey.runCreatedAt)
        add(startKey.usedAt)
    }
}

extension RecordBytes {
    init(_ record: TransferredStatistic) {
        let statistic = record.statistic
        add(record.tenant.name)
        add(statistic.day)
        add(statistic.configuration)
        add(statistic.type)
        add(statistic.state.rawValue)
        add(statistic.attribution?.rawValue)
        add(statistic.figures.runs)
        add(statistic.figures.totalRuntime.milliseconds)
        add(statistic.figures.longestRuntime.milliseconds)
    }
}
