/// A layered drawing of a graph without cycles, from left to right (Sugiyama, Tagawa and Toda, 1981): a node is one layer behind the
/// farthest of its needs, and layers are ordered by the barycenters of their neighbors.
struct GraphLayout: Sendable {
    static let nodeWidth = 168.0
    static let nodeHeight = 30.0
    private static let gap = 12.0
    /// The distance of layers, and the width of one with bends only.
    private static let between = 44.0
    /// The height of a bend.
    private static let bend = 8.0
    private static let sweeps = 8
    private static let alignments = 6

    struct Place: Hashable, Sendable {
        /// The left edge, and the middle.
        var x: Double
        var y: Double
    }

    /// A curve from the right edge of a node to the left edge of another one, through its bends.
    struct Curve: Hashable, Sendable {
        var from: Int
        var to: Int
        var points: [Place]
    }

    private(set) var places: [Place] = []
    private(set) var curves: [Curve] = []
    private(set) var width = 0.0
    private(set) var height = 0.0

    private var layers: [[Int]] = []
    /// Neighbors of each vertex, in the layers before and behind it. Vertices are the nodes, then joints, then bends.
    private var before: [[Int]] = []
    private var behind: [[Int]] = []
    private let count: Int

    /// - Parameter needs: for each node, the nodes that it needs. Nodes on a cycle would be drawn in the first layer.
    init(needs: [[Int]]) {
        count = needs.count
        guard count > 0 else { return }
        let joined = Self.joining(needs)
        let layer = Self.layers(joined)
        before = Array(repeating: [], count: joined.count)
        behind = before
        layers = Array(repeating: [], count: (layer.max() ?? 0) + 1)
        for vertex in joined.indices { layers[layer[vertex]].append(vertex) }
        let chains = bendEdges(of: joined, in: layer)
        order()
        place(chains)
    }

    /// Where many nodes need the same many nodes, one joint replaces each pair's edge: 100 × 100 edges become 200.
    private static func joining(_ needs: [[Int]]) -> [[Int]] {
        var result = needs
        let groups = Dictionary(grouping: needs.indices.filter { needs[$0].count > 1 }) { needs[$0] }
        for (sources, targets) in groups.sorted(by: { $0.value[0] < $1.value[0] }) where targets.count > 1 {
            for target in targets { result[target] = [result.count] }
            result.append(sources)
        }
        return result
    }

    /// The layer of each vertex: the length of the longest path to it.
    private static func layers(_ needs: [[Int]]) -> [Int] {
        var waiting = needs.map(\.count)
        var dependents: [[Int]] = Array(repeating: [], count: needs.count)
        for (vertex, sources) in needs.enumerated() { for source in sources { dependents[source].append(vertex) } }
        var layer = Array(repeating: 0, count: needs.count)
        var ready = needs.indices.filter { waiting[$0] == 0 }
        while let vertex = ready.popLast() {
            for dependent in dependents[vertex] {
                layer[dependent] = max(layer[dependent], layer[vertex] + 1)
                waiting[dependent] -= 1
                if waiting[dependent] == 0 { ready.append(dependent) }
            }
        }
        return layer
    }

    /// Cuts edges over several layers into pieces over one.
    /// - Returns: the vertices of each edge.
    private mutating func bendEdges(of needs: [[Int]], in layer: [Int]) -> [[Int]] {
        var chains: [[Int]] = []
        for (vertex, sources) in needs.enumerated() {
            for source in sources where layer[source] < layer[vertex] {
                var chain = [source]
                for between in layer[source] + 1..<max(layer[source] + 1, layer[vertex]) {
                    chain.append(before.count)
                    layers[between].append(before.count)
                    before.append([])
                    behind.append([])
                }
                chain.append(vertex)
                for (left, right) in zip(chain, chain.dropFirst()) {
                    behind[left].append(right)
                    before[right].append(left)
                }
                chains.append(chain)
            }
        }
        return chains
    }

    /// Sorts each layer by the mean position of its neighbors, alternating between both sides.
    private mutating func order() {
        for sweep in 0..<Self.sweeps {
            let isForward = sweep % 2 == 0
            var position = Array(repeating: 0.0, count: before.count)
            for layer in layers { for (index, vertex) in layer.enumerated() { position[vertex] = Double(index) } }
            for number in isForward ? Array(layers.indices.dropFirst()) : layers.indices.dropLast().reversed() {
                let neighbors = isForward ? before : behind
                layers[number] = layers[number].enumerated().map { index, vertex in
                    let own = neighbors[vertex]
                    let mean = own.isEmpty ? Double(index) : own.reduce(0) { $0 + position[$1] } / Double(own.count)
                    return (mean, index, vertex)
                }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
                for (index, vertex) in layers[number].enumerated() { position[vertex] = Double(index) }
            }
        }
    }

    private func size(_ vertex: Int) -> Double { vertex < count ? Self.nodeHeight : Self.bend }

    /// Moves each vertex towards the middle of its neighbors, as far as the order of its layer allows.
    private mutating func place(_ chains: [[Int]]) {
        var y = Array(repeating: 0.0, count: before.count)
        func settle(_ layer: [Int], _ wanted: (Int) -> Double) {
            var end = -Double.infinity
            var moved = 0.0
            for vertex in layer {
                let middle = max(wanted(vertex), end + size(vertex) / 2)
                moved += wanted(vertex) - middle
                y[vertex] = middle
                end = middle + size(vertex) / 2 + Self.gap
            }
            // The layer as a whole goes where its vertices want to be on average.
            for vertex in layer { y[vertex] += moved / Double(max(1, layer.count)) }
        }
        for layer in layers { settle(layer) { _ in 0 } }
        for pass in 0..<Self.alignments {
            let isForward = pass % 2 == 0
            for layer in isForward ? layers : layers.reversed() {
                let current = y
                settle(layer) { vertex in
                    let own = isForward ? before[vertex] : behind[vertex]
                    return own.isEmpty ? current[vertex] : own.reduce(0) { $0 + current[$1] } / Double(own.count)
                }
            }
        }
        let top = before.indices.map { y[$0] - size($0) / 2 }.min() ?? 0
        height = (before.indices.map { y[$0] + size($0) / 2 }.max() ?? 0) - top
        var x = Array(repeating: 0.0, count: before.count)
        // A bend passes the whole width of a layer that has nodes.
        var breadth = x
        for layer in layers {
            let wide = layer.contains { $0 < count } ? Self.nodeWidth : 0
            for vertex in layer { (x[vertex], breadth[vertex]) = (width, wide) }
            width += wide + Self.between
        }
        width -= Self.between
        let all = before.indices.map { Place(x: x[$0], y: y[$0] - top) }
        places = Array(all.prefix(count))
        curves = chains.map { chain in
            let ends = chain.enumerated().flatMap { index, vertex in
                let enter = all[vertex]
                let leave = Place(x: enter.x + breadth[vertex], y: enter.y)
                return index == 0 ? [leave] : index == chain.count - 1 ? [enter] : [enter, leave]
            }
            return Curve(from: chain[0], to: chain[chain.count - 1], points: ends)
        }
    }
}
