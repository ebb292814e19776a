import WorkflowModel

/// Returns the given numbers in a cycle.
struct FixedRandom: RandomSource {
    var number: UInt64

    func next() -> UInt64 { number }
}
