#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Makes the three standard descriptors safe to use, even if the parent process closed them.
enum StandardStreams {
    /// A closed descriptor is opened on `/dev/null` in the unused direction. Otherwise a file that is opened later gets its number,
    /// and results would be written into a database. Reading or writing the descriptor still fails.
    ///
    /// SIGPIPE is ignored, so that a closed pipe is an error of a write.
    static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
        where fcntl(descriptor, F_GETFD) < 0 {
            // open() returns the lowest free number, which is this one.
            _ = open("/dev/null", mode)
        }
    }
}
