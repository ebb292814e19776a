#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The limit of open descriptors (files, sockets, pipes) of this process: the soft limit of `RLIMIT_NOFILE`.
///
/// Shells and service managers often set 1,024, with a far higher hard limit. A process may raise its own soft limit up to the hard
/// limit.
public struct DescriptorLimit: Hashable, Sendable {
    /// The soft limit at the start of this process. Commands get it back: programs that use `select` fail beyond 1,024.
    public var inherited: Int
    /// The current soft limit.
    public var current: Int

    public init(inherited: Int, current: Int) {
        self.inherited = inherited
        self.current = current
    }

    /// Raises the soft limit as far as the hard limit allows, and never lowers it.
    /// - Parameter wanted: the number of useful descriptors.
    public static func raise(to wanted: Int) -> DescriptorLimit {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return DescriptorLimit(inherited: wanted, current: wanted) }
        let inherited = limit.rlim_cur
        limit.rlim_cur = max(inherited, min(rlim_t(wanted), limit.rlim_max))
        let isRaised = setrlimit(resource, &limit) == 0
        return DescriptorLimit(
            inherited: Int(clamping: inherited), current: Int(clamping: isRaised ? limit.rlim_cur : inherited))
    }

    #if canImport(Glibc)
        private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        private static let resource = RLIMIT_NOFILE
    #endif
}
