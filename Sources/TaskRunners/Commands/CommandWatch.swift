import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Follows one command from start to end: passes on its output, stops it on request, and kills all processes that it leaves.
///
/// Runs on its own thread, which sleeps in `poll`. The main process is not reaped meanwhile, so that its pid, and with it its session
/// and process group, cannot be reused.
///
/// When the main process has ended, for whatever reason, all remaining processes of the family are killed: a task ends with its
/// command, and a background process would outlive the task unnoticed. This includes processes that left the session and closed their
/// output. After a short command, only processes younger than the command are scanned (on most machines none); after a longer one, all
/// processes are scanned once.
struct CommandWatch: Sendable {
    /// The result of a command that has ended.
    struct Report: Sendable {
        var tail = OutputTails()
        /// Whether a stop was requested before the main process ended.
        var wasStopped = false
        /// When SIGTERM and SIGKILL were first sent because of the request; nil when they were not.
        var terminatedAt: Timestamp?
        var killedAt: Timestamp?
    }

    /// A stream of the command. Without a common pipe, the order between two streams is the one in which they are read.
    private struct Source {
        var stream: TaskStream
        var pipe: BytePipe
        var hasEnded = false
    }

    private enum Phase {
        case running
        /// SIGTERM has been sent; waits for the processes to end.
        case ending
        /// Sends SIGKILL to every process found.
        case killing
    }

    /// During a command shorter than this, pids have not wrapped around.
    private static let shortCommand = Duration.milliseconds(200)
    private static let firstPause = Duration.milliseconds(1)
    private static let longestPause = Duration.milliseconds(100)

    private let leader: StartedProcess
    private let family: ProcessFamily
    private let signals: ProcessSignals
    private var sources: [Source]
    private let order: StopOrder
    private let startedAt: ContinuousClock.Instant
    private let time: any TimeSource
    private let printed: @Sendable ([UInt8], TaskStream) -> Void
    /// Before a line is quoted or output is cut: a part of a secret is not found any longer.
    private var masker: StreamMasker?

    private var phase = Phase.running
    private var report = Report()
    private var hasLeaderEnded = false
    private var terminated: Set<ProcessEntry.Identity> = []
    private var nextScan = ContinuousClock.now
    private var pause = Self.firstPause
    private var uncertainScans = 0

    init(
        leader: StartedProcess, family: ProcessFamily, signals: ProcessSignals, output: BytePipe, errors: BytePipe,
        order: StopOrder, startedAt: ContinuousClock.Instant, time: any TimeSource, mask: SecretMask = .none,
        printed: @escaping @Sendable ([UInt8], TaskStream) -> Void
    ) {
        masker = mask.isEmpty ? nil : StreamMasker(mask)
        // The last line is quoted when the command fails: of lines that are read together, that of standard error.
        sources = [Source(stream: .stdout, pipe: output), Source(stream: .stderr, pipe: errors)]
        self.leader = leader
        self.family = family
        self.signals = signals
        self.order = order
        self.startedAt = startedAt
        self.time = time
        self.printed = printed
    }

    /// Returns when only the main process is left, ready to be reaped.
    /// - Parameter deadline: returns then at the latest, while the command runs and no stop is requested.
    /// - Returns: nil when the command still ran at the deadline; call again to continue.
    mutating func follow(until deadline: ContinuousClock.Instant? = nil) -> Report? {
        withUnsafeTemporaryAllocation(byteCount: CommandLimits.read, alignment: 16) { buffer in
            while true {
                waitForEvents(buffer, until: deadline)
                handleStopOrder()
                if phase != .running, ContinuousClock.now >= nextScan, endRemaining() { break }
                if phase == .running, let deadline, ContinuousClock.now >= deadline { return nil }
            }
            for index in sources.indices { drain(index, buffer) }
            for piece in masker?.finish() ?? [] { passOn(piece.bytes, from: piece.stream) }
            return report
        }
    }

    /// Sleeps until output, a stop request, the end of the main process, or the next scan; reads the output.
    private mutating func waitForEvents(_ buffer: UnsafeMutableRawBufferPointer, until deadline: ContinuousClock.Instant?) {
        withUnsafeTemporaryAllocation(of: pollfd.self, capacity: 4) { events in
            // `poll` ignores a negative descriptor.
            events.initializeElement(
                at: 0, to: pollfd(fd: hasLeaderEnded ? -1 : leader.descriptor, events: Int16(POLLIN), revents: 0))
            events.initializeElement(at: 1, to: pollfd(fd: order.descriptor, events: Int16(POLLIN), revents: 0))
            for (index, source) in sources.enumerated() {
                events.initializeElement(
                    at: 2 + index,
                    to: pollfd(fd: source.hasEnded ? -1 : source.pipe.readEnd, events: Int16(POLLIN), revents: 0))
            }
            _ = poll(events.baseAddress, 4, pollTimeout(until: deadline))
            for index in sources.indices where events[2 + index].revents != 0 { readOutput(index, buffer) }
            if events[1].revents != 0 { order.acknowledge() }
            if !hasLeaderEnded, leader.descriptor < 0 ? leader.hasEnded : events[0].revents != 0 {
                leaderHasEnded()
            }
        }
    }

    private mutating func leaderHasEnded() {
        hasLeaderEnded = true
        report.wasStopped = order.urgency > .none
        if report.wasStopped {
            // Its children have received SIGTERM as well, and keep the rest of the grace.
            nextScan = ContinuousClock.now
        } else {
            enter(.killing)
        }
    }

    /// In milliseconds, as for `poll`; -1 means forever.
    private func pollTimeout(until deadline: ContinuousClock.Instant?) -> CInt {
        func milliseconds(until instant: ContinuousClock.Instant) -> CInt {
            CInt(clamping: max(.zero, instant - ContinuousClock.now).milliseconds + 1)
        }
        guard phase == .running else { return milliseconds(until: nextScan) }
        if let deadline { return milliseconds(until: deadline) }
        return leader.descriptor < 0 || order.descriptor < 0 ? CInt(Self.longestPause.milliseconds) : -1
    }

    private mutating func readOutput(_ index: Int, _ buffer: UnsafeMutableRawBufferPointer) {
        let stream = sources[index].stream
        switch sources[index].pipe.read(into: buffer) {
        case .bytes(let count):
            let bytes = Array(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            guard let masked = masker?.mask(bytes, from: stream) else { return passOn(bytes, from: stream) }
            for piece in masked { passOn(piece.bytes, from: piece.stream) }
        case .nothingYet:
            break
        case .ended:
            sources[index].hasEnded = true
        }
    }

    private mutating func passOn(_ bytes: [UInt8], from stream: TaskStream) {
        report.tail.append(bytes, from: stream)
        printed(bytes, stream)
    }

    /// Passes on the current content of a pipe and no more: an undetected process may still be writing to it.
    private mutating func drain(_ index: Int, _ buffer: UnsafeMutableRawBufferPointer) {
        var rest = sources[index].hasEnded ? 0 : sources[index].pipe.available
        while rest > 0, !sources[index].hasEnded {
            let slice = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(rest, buffer.count)])
            rest -= slice.count
            readOutput(index, slice)
        }
    }

    private mutating func handleStopOrder() {
        switch (phase, order.urgency) {
        case (.running, .none), (.ending, .none), (.ending, .terminate), (.killing, _): break
        case (.running, .terminate): enter(.ending)
        case (.running, .kill), (.ending, .kill): enter(.killing)
        }
    }

    private mutating func enter(_ next: Phase) {
        phase = next
        pause = Self.firstPause
        nextScan = ContinuousClock.now
        // The quick kill first; the scan follows.
        if hasLeaderEnded { family.killWithoutScan(by: signals) }
    }

    /// Scans for remaining processes and sends them the signal of the phase.
    private mutating func endRemaining() -> Bool {
        let result = scan()
        switch phase {
        case .running: return false
        case .ending: terminate(result.members)
        case .killing:
            // A command that ends by itself leaves processes, too, which are killed without a request.
            if order.urgency == .kill, !result.members.isEmpty, report.killedAt == nil { report.killedAt = time.now }
            family.kill(result, by: signals)
        }
        uncertainScans = result.isUncertain ? uncertainScans + 1 : 0
        let isCertain = !result.isUncertain || uncertainScans > ProcessFamily.longestUncertainty
        if hasLeaderEnded, result.members.isEmpty, !result.isCgroupPopulated, isCertain {
            family.release()
            return true
        }
        nextScan = ContinuousClock.now + pause
        pause = min(pause * 2, Self.longestPause)
        return false
    }

    private func scan() -> ProcessFamily.Scan {
        if ContinuousClock.now - startedAt < Self.shortCommand, let result = family.scanYoungerThanLeader() { return result }
        return family.scanAll()
    }

    /// Sends SIGTERM once to each process. A new process with a parent in the family was started for cleaning up and keeps the grace;
    /// a new process without one was missed by the first scan.
    private mutating func terminate(_ members: [ProcessEntry]) {
        let isFirstTime = terminated.isEmpty
        let pids = Set(members.map(\.pid))
        for member in members where !terminated.contains(member.identity) {
            guard isFirstTime || !pids.contains(member.parent) else { continue }
            if report.terminatedAt == nil { report.terminatedAt = time.now }
            terminated.insert(member.identity)
            signals.terminate(member)
        }
    }
}
