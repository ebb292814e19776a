#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where results and messages go: results to standard output, messages to standard error.
struct Console: Sendable {
    static let standard = Console(output: STDOUT_FILENO, messages: STDERR_FILENO)

    private let output: Int32
    private let messages: Int32

    init(output: Int32, messages: Int32) {
        self.output = output
        self.messages = messages
    }

    var outputIsTerminal: Bool { isatty(output) == 1 }
    var messagesAreTerminal: Bool { isatty(messages) == 1 }

    /// Columns of the terminal that results go to; nil where they go to a file or a program, which get everything whole.
    var outputWidth: Int? { outputIsTerminal ? width(of: output) : nil }
    var messageWidth: Int { width(of: messages) ?? 80 }

    /// Writes a result and a newline.
    func print(_ text: String) {
        write(Array((text + "\n").utf8))
    }

    func write(_ bytes: [UInt8]) {
        Self.write(bytes, to: output)
    }

    /// Writes a message and a newline.
    func note(_ text: String) {
        Self.write(Array((text + "\n").utf8), to: messages)
    }

    /// Writes to where messages go, as it is: for lines that are drawn again.
    func draw(_ text: String) {
        Self.write(Array(text.utf8), to: messages)
    }

    func end(with status: ExitStatus) -> Never {
        exit(status.rawValue)
    }

    private func width(of descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Whoever closes our output (`weir runs | head`) has seen enough: that is no failure.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EPIPE {
                if descriptor == STDOUT_FILENO { exit(ExitStatus.succeeded.rawValue) }
                return
            } else if errno == EAGAIN {
                var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&state, 1, -1)
            } else if errno != EINTR {
                return
            }
        }
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
