import WorkflowModel

/// Hands out the numbers that it was given, again and again.
struct FixedRandom: RandomSource {
    var number: UInt64

    func next() -> UInt64 { number }
}
