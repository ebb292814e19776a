#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes results to standard output and messages to standard error.
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

    /// Columns of the output terminal; nil for a file or a pipe, which get complete tables.
    var outputWidth: Int? { outputIsTerminal ? width(of: output) : nil }
    var messageWidth: Int { width(of: messages) ?? 80 }

    /// Writes a result and a newline.
    ///
    /// - Throws: ``CommandFailure`` (74) when it cannot be written; ``ExitStatus/succeeded`` when the reader has closed the pipe,
    ///   as `head` does.
    func print(_ text: String) throws {
        try write(Array((text + "\n").utf8))
    }

    /// Writes a piece of a result. Throws like ``print(_:)``.
    func write(_ bytes: [UInt8]) throws {
        do throws(OutputFailure) {
            try Self.write(bytes, to: output)
        } catch {
            throw error.isClosedPipe ? ExitStatus.succeeded : CommandFailure(error) as any Error
        }
    }

    /// Writes a text that is shown only once, and a newline. A closed pipe is an error.
    func reveal(_ text: String) throws(OutputFailure) {
        try Self.write(Array((text + "\n").utf8), to: output)
    }

    /// Writes a line of a program that continues, also after the reader has closed the pipe.
    /// - Throws: ``CommandFailure`` (74) when the line cannot be written.
    func announce(_ text: String) throws {
        do throws(OutputFailure) {
            try reveal(text)
        } catch {
            if !error.isClosedPipe { throw CommandFailure(error) }
        }
    }

    /// Writes a message and a newline. A message that cannot be written is lost.
    func note(_ text: String) {
        draw(text + "\n")
    }

    /// Writes to standard error without a newline, for lines that are redrawn.
    func draw(_ text: String) {
        try? Self.write(Array(text.utf8), to: messages)
    }

    /// Closes the output, because some file systems report a failed write only then, and exits.
    func end(with status: ExitStatus) -> Never {
        LogWriter.standard.flush(atMost: .seconds(1))
        guard close(output) != 0, errno != EBADF, errno != EINTR else { exit(status.rawValue) }
        let failure = CommandFailure(OutputFailure(code: errno))
        note("weir: \(failure.message)")
        exit(status == .succeeded ? failure.status.rawValue : status.rawValue)
    }

    var messageHeight: Int? { size(of: messages).map { Int($0.ws_row) }.flatMap { $0 > 0 ? $0 : nil } }

    private func width(of descriptor: Int32) -> Int? {
        size(of: descriptor).map { Int($0.ws_col) }.flatMap { $0 > 0 ? $0 : nil }
    }

    private func size(of descriptor: Int32) -> winsize? {
        var size = winsize()
        return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 ? size : nil
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) throws(OutputFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&state, 1, -1)
            case let code: throw OutputFailure(code: code)
            }
        }
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
