import Testing

@testable import WorkflowModel

@Suite("Digits of a fixed width")
struct FixedDigitsTests {
    @Test(
        "have zeros in front, and are cut off in front beyond the width",
        arguments: [(0, 1, "0"), (7, 3, "007"), (2_024, 4, "2024"), (99_999, 5, "99999"), (123_456, 5, "23456"), (5, 0, "")])
    func digits(value: Int, count: Int, text: String) {
        var bytes = [UInt8](repeating: UInt8(ascii: "-"), count: count + 2)
        writeDigits(of: value, count: count, at: 1) { bytes[$0] = $1 }
        #expect(String(decoding: bytes, as: UTF8.self) == "-\(text)-")
    }
}
