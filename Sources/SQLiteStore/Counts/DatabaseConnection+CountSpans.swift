import WorkflowModel

extension DatabaseConnection {
    /// Calls the body with the spans that may contain selected runs, in one direction of time, until it returns false.
    func eachSpan(
        thatMayHold selection: RunSelection, newestFirst: Bool, _ body: (TimeSpan) throws -> Bool
    ) throws {
        guard let root = try node(of: selection.timeline, .everything, around: 0) else { return }
        try withoutActuallyEscaping(body) { body in
            var walk = SpanWalk(selection: selection, newestFirst: newestFirst, body: body)
            if try walk.visit(root, in: self) { _ = try walk.handOut() }
        }
    }
}

/// A traversal of a tree in one direction of time.
private struct SpanWalk {
    let selection: RunSelection
    let newestFirst: Bool
    let body: (TimeSpan) throws -> Bool
    /// Adjacent nodes are merged into one span.
    private var span: TimeSpan?

    init(selection: RunSelection, newestFirst: Bool, body: @escaping (TimeSpan) throws -> Bool) {
        self.selection = selection
        self.newestFirst = newestFirst
        self.body = body
    }

    /// - Returns: whether to continue.
    mutating func visit(_ node: CountNode, in database: DatabaseConnection) throws -> Bool {
        switch selection.match(node) {
        case .nothing:
            return try handOut()
        case .some where node.isSplit:
            let children = try database.nodes(
                below: node, of: selection.timeline, touching: selection.span, newestFirst: newestFirst)
            for child in children {
                guard try visit(child, in: database) else { return false }
            }
            return true
        case .some, .all:
            let part = node.span.clamped(to: selection.span)
            let known = span ?? part
            span = min(known.lowerBound, part.lowerBound)..<max(known.upperBound, part.upperBound)
            return true
        }
    }

    mutating func handOut() throws -> Bool {
        guard let whole = span else { return true }
        span = nil
        return try body(whole)
    }
}
