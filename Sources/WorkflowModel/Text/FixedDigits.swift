/// Hands out the decimal digits of a number with their places, with zeros in front to the fixed width.
/// - Parameters:
///   - value: not negative; digits beyond the width are cut off in front.
///   - index: the place of the first digit.
@inlinable
@inline(__always)
func writeDigits(of value: Int, count: Int, at index: Int, _ put: (_ index: Int, _ byte: UInt8) -> Void) {
    var rest = value
    for place in stride(from: index + count - 1, through: index, by: -1) {
        put(place, UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
        rest /= 10
    }
}
