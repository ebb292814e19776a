/// What keeps a cluster from working.
public struct ClusterTrouble: Error, CustomStringConvertible {
    public var description: String

    public init(_ description: String) {
        self.description = description
    }
}
