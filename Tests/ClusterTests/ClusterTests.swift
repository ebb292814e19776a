import Testing

/// Several real nodes on one database, and their failures. The tests run one after the other, because each needs the whole machine.
@Suite("Many nodes on one database", .serialized, .timeLimit(.minutes(10)))
struct ClusterTests {}
