import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Watches over one command from its start to its end: hands on what it prints, ends it when ordered to, and leaves nothing of it.
///
/// Runs on a thread of its own, which sleeps in `poll` until there is something to do. The command's main process has not
/// been waited for while this goes on, so that its number, and with it its session and its group, stays its own.
///
/// When the main process has ended, by itself or not, everything that is left of its family is killed: a task is over when
/// its command is, and what a command leaves in the background would outlive the task unseen. This includes processes that
/// left the session and closed their output. To find them, only processes younger than the command are looked at where the
/// command was short (on most machines none at all); after longer ones, all processes are, once.
struct CommandWatch: Sendable {
    /// What there is to tell of a command that is over.
    struct Report: Sendable {
        var tail = OutputTail()
        /// Whether its end had been ordered before its main process ended.
        var wasStopped = false
    }

    private enum Phase {
        case running
        /// Told to end; what was told so already is waited for.
        case ending
        /// Whatever is found is killed.
        case killing
    }

    /// A command that took less than this has not seen the numbers of processes begin again from below.
    private static let shortCommand = Duration.milliseconds(200)
    private static let firstPause = Duration.milliseconds(1)
    private static let longestPause = Duration.milliseconds(100)

    private let leader: pid_t
    /// Becomes readable when the main process ends; -1 where the kernel has no such thing.
    private let leaderDescriptor: CInt
    private let family: ProcessFamily
    private let signals: ProcessSignals
    private let pipe: BytePipe
    private let order: StopOrder
    private let startedAt: ContinuousClock.Instant
    private let printed: @Sendable ([UInt8]) -> Void

    private var phase = Phase.running
    private var report = Report()
    private var hasLeaderEnded = false
    private var hasOutputEnded = false
    private var told: Set<ProcessEntry.Identity> = []
    private var nextLook = ContinuousClock.now
    private var pause = Self.firstPause
    private var uncertainLooks = 0

    init(
        leader: pid_t, leaderDescriptor: CInt, family: ProcessFamily, signals: ProcessSignals, pipe: BytePipe, order: StopOrder,
        startedAt: ContinuousClock.Instant, printed: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.leader = leader
        self.leaderDescriptor = leaderDescriptor
        self.family = family
        self.signals = signals
        self.pipe = pipe
        self.order = order
        self.startedAt = startedAt
        self.printed = printed
    }

    /// Returns when nothing of the command is left but its main process to be waited for.
    /// - Parameter deadline: for how long at most, while the command runs and nobody wants its end.
    /// - Returns: nil when it was still running then; to be followed further.
    mutating func follow(until deadline: ContinuousClock.Instant? = nil) -> Report? {
        withUnsafeTemporaryAllocation(byteCount: CommandLimits.read, alignment: 16) { buffer in
            while true {
                waitForNews(buffer, until: deadline)
                takeOrders()
                if phase != .running, ContinuousClock.now >= nextLook, isNothingLeft() { break }
                if phase == .running, let deadline, ContinuousClock.now >= deadline { return nil }
            }
            drain(buffer)
            return report
        }
    }

    /// Sleeps until there is output, an order, the end of the main process, or time to look again; reads what is there.
    private mutating func waitForNews(_ buffer: UnsafeMutableRawBufferPointer, until deadline: ContinuousClock.Instant?) {
        withUnsafeTemporaryAllocation(of: pollfd.self, capacity: 3) { news in
            // A negative descriptor is passed over.
            news.initializeElement(at: 0, to: pollfd(fd: hasOutputEnded ? -1 : pipe.readEnd, events: Int16(POLLIN), revents: 0))
            news.initializeElement(
                at: 1, to: pollfd(fd: hasLeaderEnded ? -1 : leaderDescriptor, events: Int16(POLLIN), revents: 0))
            news.initializeElement(at: 2, to: pollfd(fd: order.descriptor, events: Int16(POLLIN), revents: 0))
            _ = poll(news.baseAddress, 3, patience(until: deadline))
            if news[0].revents != 0 { readOutput(buffer) }
            if news[2].revents != 0 { order.acknowledge() }
            if !hasLeaderEnded, leaderDescriptor < 0 ? hasEnded(leader) : news[1].revents != 0 {
                leaderHasEnded()
            }
        }
    }

    private mutating func leaderHasEnded() {
        hasLeaderEnded = true
        report.wasStopped = order.urgency > .none
        if report.wasStopped {
            // What it has started was told to end as well, and has its grace for that.
            nextLook = ContinuousClock.now
        } else {
            enter(.killing)
        }
    }

    /// Milliseconds, as `poll` has it; -1 is for ever.
    private func patience(until deadline: ContinuousClock.Instant?) -> CInt {
        func milliseconds(until instant: ContinuousClock.Instant) -> CInt {
            CInt(clamping: max(.zero, instant - ContinuousClock.now).milliseconds + 1)
        }
        guard phase == .running else { return milliseconds(until: nextLook) }
        if let deadline { return milliseconds(until: deadline) }
        return leaderDescriptor < 0 || order.descriptor < 0 ? CInt(Self.longestPause.milliseconds) : -1
    }

    private mutating func readOutput(_ buffer: UnsafeMutableRawBufferPointer) {
        switch pipe.read(into: buffer) {
        case .bytes(let count):
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            report.tail.append(bytes)
            printed(Array(bytes))
        case .nothingYet:
            break
        case .ended:
            hasOutputEnded = true
        }
    }

    /// Hands on what is in the pipe, and no more than that: somebody who could not be found may still be writing to it.
    private mutating func drain(_ buffer: UnsafeMutableRawBufferPointer) {
        var rest = hasOutputEnded ? 0 : pipe.available
        while rest > 0, !hasOutputEnded {
            let slice = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(rest, buffer.count)])
            rest -= slice.count
            readOutput(slice)
        }
    }

    private mutating func takeOrders() {
        switch (phase, order.urgency) {
        case (.running, .none), (.ending, .none), (.ending, .terminate), (.killing, _): break
        case (.running, .terminate): enter(.ending)
        case (.running, .kill), (.ending, .kill): enter(.killing)
        }
    }

    private mutating func enter(_ next: Phase) {
        phase = next
        pause = Self.firstPause
        nextLook = ContinuousClock.now
        // Whatever is in the group goes at once, before the longer way of finding the rest.
        if hasLeaderEnded { signals.killGroup(ofEnded: leader) }
    }

    /// Looks for what is left and sends it the signal of the phase.
    private mutating func isNothingLeft() -> Bool {
        let sighting = look()
        switch phase {
        case .running: return false
        case .ending: tell(sighting.members)
        case .killing: sighting.members.forEach(signals.kill)
        }
        uncertainLooks = sighting.isUncertain ? uncertainLooks + 1 : 0
        let isCertain = !sighting.isUncertain || uncertainLooks > ProcessFamily.longestUncertainty
        if hasLeaderEnded, sighting.members.isEmpty, isCertain { return true }
        nextLook = ContinuousClock.now + pause
        pause = min(pause * 2, Self.longestPause)
        return false
    }

    private func look() -> ProcessFamily.Sighting {
        if ContinuousClock.now - startedAt < Self.shortCommand, let sighting = family.lookAtYoungerThanLeader() { return sighting }
        return family.lookEverywhere()
    }

    /// Tells everybody once to end. Somebody new who has a parent in the family was started by it in order to clean up, and
    /// has until the grace is over; somebody new without one slipped through the first look.
    private mutating func tell(_ members: [ProcessEntry]) {
        let isFirstTime = told.isEmpty
        let pids = Set(members.map(\.pid))
        for member in members where !told.contains(member.identity) {
            guard isFirstTime || !pids.contains(member.parent) else { continue }
            told.insert(member.identity)
            signals.terminate(member)
        }
    }

    private func hasEnded(_ pid: pid_t) -> Bool {
        ProcessTable.entry(of: pid)?.isZombie ?? true
    }
}
