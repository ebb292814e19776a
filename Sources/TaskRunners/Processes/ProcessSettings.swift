#if canImport(Glibc)
    public import Glibc
#elseif canImport(Musl)
    public import Musl
#endif

/// Settings of a task's processes besides program, arguments and environment.
public struct ProcessSettings: Sendable {
    /// Keeps the processes of a task together.
    public var containment: TaskContainment
    /// The user that runs them; nil for the service's user.
    public var user: TaskUser?
    /// Their soft limit of descriptors; nil for the service's.
    public var descriptorLimit: UInt64?
    /// Their file mode creation mask (umask); nil for the service's.
    public var fileMask: mode_t?

    public init(
        containment: TaskContainment = .none, user: TaskUser? = nil, descriptorLimit: UInt64? = nil, fileMask: mode_t? = nil
    ) {
        self.containment = containment
        self.user = user
        self.descriptorLimit = descriptorLimit
        self.fileMask = fileMask
    }
}
