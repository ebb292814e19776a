import Synchronization
import WorkflowModel

/// Generates the runs of a history, oldest first. Each run depends on its index only.
struct HistoryGenerator: Sendable {
    let shape: HistoryShape
    let tenant: Tenant
    /// Total number of runs.
    let count: Int
    /// Distinguishes histories of one shape and tenant.
    var seed: UInt64 = 0
    /// Creation of the first run, and the time until the last one.
    var start = HistoryShape.start
    var span = HistoryShape.span

    private static let people = (0..<8).map { Principal(id: "u-\($0)", name: "Person \($0)", email: "person-\($0)@example.com") }
    private static let otherTypes = [
        "campaign.send", "campaign.fetch", "bridge.sync", "campaign.append-results", "courier/run", "database.export",
        "file.upload", "ingest.load", "amperity.orchestration.orchestration/run", "data-refresh/run",
    ]
    private static let minute: Int64 = 60_000
    private static let day: Int64 = 86_400_000

    func run(_ index: Int) -> WorkflowRun {
        let random = NumberedRandom(seed: seed &* 0x9E37_79B9 &+ UInt64(index))
        let created = instant(index, random)
        let state = state(index, random)
        var run = WorkflowRun(
            id: RunID(at: created, using: random), tenant: tenant, name: "Workflow \(random.next() % 50)",
            type: type(index, random),
            state: state, createdAt: created,
            endedAt: state.hasEnded ? created + .milliseconds(duration(index, random)) : nil,
            principal: Self.people[Int(random.next() % 8)],
            error: state == .failed
                ? RunError(
                    attribution: random.next() % 3 == 0 ? .platform : .customer, type: "weir.task.command/exit",
                    message: "Load orders: the command ended with exit code 3")
                : nil)
        if shape == .asked { addAnswers(to: &run, random) }
        return run
    }

    private func instant(_ index: Int, _ random: NumberedRandom) -> Timestamp {
        let span = span.milliseconds
        if shape == .hard, (count / 2..<count / 2 + crowd).contains(index) { return HistoryShape.middle }
        let slot = max(1, span / Int64(max(1, count)))
        let offset = Int64(Double(index) / Double(max(1, count)) * Double(span))
        return Timestamp(milliseconds: start.milliseconds + offset + Int64(random.next() % UInt64(slot)))
    }

    /// Runs created in one millisecond.
    private var crowd: Int { min(100_000, count / 10) }

    private func state(_ index: Int, _ random: NumberedRandom) -> RunState {
        let draw = random.next() % 1_000
        switch shape {
        case .hard:
            if isEndless(index) { return .succeeded }
            return draw < 990 ? .succeeded : draw < 998 ? .failed : draw < 999 ? .inProgress : .stopping
        case .easy, .asked:
            switch draw {
            case ..<790: return .succeeded
            case ..<930: return .failed
            case ..<985: return .canceled
            case ..<994: return .inProgress
            case ..<999: return .runningWithFailures
            default: return .stopping
            }
        }
    }

    private func type(_ index: Int, _ random: NumberedRandom) -> String {
        let draw = random.next() % 1_000
        switch shape {
        case .hard where index % max(1, count / 10) == max(1, count / 10) - 1: return shape.types.rare
        case .easy where draw == 0, .asked where draw == 0: return shape.types.rare
        default: return draw < 400 ? shape.types.common : Self.otherTypes[Int(draw) % Self.otherTypes.count]
        }
    }

    /// Ten runs of the first hundred days take 300 days each.
    private func isEndless(_ index: Int) -> Bool {
        let step = max(1, count / 50)
        return shape == .hard && index % step == 0 && index / step < 10
    }

    /// In milliseconds: from a second to six hours, mostly short.
    private func duration(_ index: Int, _ random: NumberedRandom) -> Int64 {
        if isEndless(index) { return 300 * Self.day }
        let scale = random.next() % 3
        let longest = scale == 0 ? Self.minute : scale == 1 ? 10 * Self.minute : 360 * Self.minute
        return 1_000 + Int64(random.next() % UInt64(longest))
    }
}

/// SplitMix64 seeded with a number: the same sequence on every machine.
final class NumberedRandom: RandomSource {
    private let state: Atomic<UInt64>

    init(seed: UInt64) {
        state = Atomic(seed &* 0xD134_2543_DE82_EF95 &+ 1)
    }

    func next() -> UInt64 {
        var mixed = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
