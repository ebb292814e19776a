import GRDB
import WorkflowModel

extension Database {
    /// Hands out the spans outside of which nothing is selected, in one direction of time, until the body returns false.
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

/// A walk through a tree in one direction of time.
private struct SpanWalk {
    let selection: RunSelection
    let newestFirst: Bool
    let body: (TimeSpan) throws -> Bool
    /// Nodes that follow each other are handed out as one span.
    private var span: TimeSpan?

    init(selection: RunSelection, newestFirst: Bool, body: @escaping (TimeSpan) throws -> Bool) {
        self.selection = selection
        self.newestFirst = newestFirst
        self.body = body
    }

    /// - Returns: whether the walk is to go on.
    mutating func visit(_ node: CountNode, in database: Database) throws -> Bool {
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
