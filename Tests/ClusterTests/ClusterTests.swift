import Testing

/// Several real nodes on one database, and what can happen to them. One after the other: each of them wants the machine.
@Suite("Many nodes on one database", .serialized, .timeLimit(.minutes(10)))
struct ClusterTests {}
