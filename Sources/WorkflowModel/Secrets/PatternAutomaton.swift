/// Finds many patterns in a sequence of bytes in one pass, whatever the patterns and the bytes are (Aho and Corasick, 1975).
///
/// State 0 is the beginning. The depth of a state is the number of bytes at the end of the sequence that begin a pattern.
struct PatternAutomaton: Sendable {
    private struct Node {
        /// The byte that leads here.
        var byte: UInt8
        var depth: Int32
        /// The first of the states behind this one; 0 for none.
        var child: Int32 = 0
        /// The next state behind the same one.
        var sibling: Int32 = 0
        /// The state of the longest end of the sequence that begins a pattern as well.
        var failure: Int32 = 0
        /// The length of the longest pattern that ends here; 0 for none.
        var longest: Int32 = 0
    }

    private var nodes = [Node(byte: 0, depth: 0)]
    /// The states behind the beginning, by byte.
    private var first = [Int32](repeating: 0, count: 256)
    /// Bytes of the longest pattern.
    private(set) var longestPattern = 0

    /// - Parameter patterns: empty ones are never found.
    init(_ patterns: [[UInt8]]) {
        for pattern in patterns { add(pattern) }
        link()
    }

    var isEmpty: Bool { nodes.count == 1 }

    func depth(of state: Int32) -> Int { Int(nodes[Int(state)].depth) }

    /// The length of the longest pattern that ends in this state; 0 for none.
    func found(in state: Int32) -> Int { Int(nodes[Int(state)].longest) }

    func next(_ state: Int32, _ byte: UInt8) -> Int32 {
        var state = state
        while state != 0 {
            if let next = child(of: state, byte) { return next }
            state = nodes[Int(state)].failure
        }
        return first[Int(byte)]
    }

    private func child(of state: Int32, _ byte: UInt8) -> Int32? {
        var child = nodes[Int(state)].child
        while child != 0 {
            if nodes[Int(child)].byte == byte { return child }
            child = nodes[Int(child)].sibling
        }
        return nil
    }

    private mutating func add(_ pattern: [UInt8]) {
        var state: Int32 = 0
        for (place, byte) in pattern.enumerated() {
            let known = state == 0 ? first[Int(byte)] : child(of: state, byte) ?? 0
            if known != 0 {
                state = known
                continue
            }
            let new = Int32(nodes.count)
            var node = Node(byte: byte, depth: Int32(place + 1))
            if state == 0 {
                first[Int(byte)] = new
            } else {
                node.sibling = nodes[Int(state)].child
                nodes[Int(state)].child = new
            }
            nodes.append(node)
            state = new
        }
        nodes[Int(state)].longest = Int32(pattern.count)
        longestPattern = max(longestPattern, pattern.count)
    }

    /// In the order of their depths, because a failure leads to a smaller depth.
    private mutating func link() {
        var level = first.filter { $0 != 0 }
        while !level.isEmpty {
            var deeper: [Int32] = []
            for state in level {
                let failure = nodes[Int(state)].failure
                if nodes[Int(state)].longest == 0 { nodes[Int(state)].longest = nodes[Int(failure)].longest }
                var child = nodes[Int(state)].child
                while child != 0 {
                    nodes[Int(child)].failure = next(failure, nodes[Int(child)].byte)
                    deeper.append(child)
                    child = nodes[Int(child)].sibling
                }
            }
            level = deeper
        }
    }
}
