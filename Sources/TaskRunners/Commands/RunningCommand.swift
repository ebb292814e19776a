/// A started command, with all that is needed to follow and clean up after it.
struct RunningCommand: Sendable {
    let files: AttemptFiles
    let process: StartedProcess
    let watch: CommandWatch
    /// Releases the resources of the command, such as its cgroup.
    let release: @Sendable () -> Void
}

extension CommandWatch {
    /// Follows the command to its end and cleans up.
    /// - Parameter lasts: called when the command does not end quickly.
    /// - Returns: the report, the output file and the exit status; a nil status when the system does not provide one.
    func result(
        of command: RunningCommand, on lane: BlockingLane, beginDelay: Duration, lasts: () async -> Void
    ) async -> (Report, AttemptFiles.Output, CommandEnding.Status?) {
        var watch = self
        var deadline: ContinuousClock.Instant? = .now + beginDelay
        while true {
            let (before, until) = (watch, deadline)
            let (after, result) = await lane.run { () -> (CommandWatch, (Report, AttemptFiles.Output, CommandEnding.Status?)?) in
                var watch = before
                guard let report = watch.follow(until: until) else { return (watch, nil) }
                let status = command.process.waitForEnd()
                command.release()
                let output = command.files.readOutput()
                command.files.remove()
                return (watch, (report, output, status))
            }
            if let result { return result }
            await lasts()
            (watch, deadline) = (after, nil)
        }
    }
}
