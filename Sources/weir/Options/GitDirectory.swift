import Foundation
import WorkflowModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Asks `git` for the code version of a directory.
struct GitDirectory {
    /// How long `git` may take: in a large repository it reads the state of every file.
    static let patience = Duration.seconds(10)
    /// Bytes of the answer that are read. The commit is in the first lines, and one further line means changes.
    static let mostBytes = 65_536

    enum Answer: Hashable {
        case code(CodeVersion)
        /// There is no program `git`, no repository, or no commit in it.
        case none
        /// `git` did not answer in time.
        case late
    }

    var environment = ProcessInfo.processInfo.environment
    var patience = Self.patience
    var time: any TimeSource = SystemTime()

    /// Blocks, at most for ``patience``.
    func answer(for directory: String) -> Answer {
        guard let program else { return .none }
        var words = ["-C", directory, "-c", "core.fsmonitor=false", "--no-optional-locks"]
        words += ["status", "--porcelain=v2", "--branch", "--untracked-files=normal", "--", "."]
        guard let text = output(of: program, words) else { return .late }
        return Self.code(in: text).map(Answer.code) ?? .none
    }

    /// - Parameter text: the answer of `git status --porcelain=v2 --branch`; empty outside a repository.
    static func code(in text: String) -> CodeVersion? {
        let lines = text.split(separator: "\n")
        let mark = "# branch.oid "
        guard let line = lines.first(where: { $0.hasPrefix(mark) }) else { return nil }
        return CodeVersion(commit: String(line.dropFirst(mark.count)), isDirty: lines.contains { !$0.hasPrefix("#") })
    }

    private var program: String? {
        (environment["PATH"] ?? "").split(separator: ":").map { $0 + "/git" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// A hook of another repository sets variables such as `GIT_DIR`, which would take the place of the directory's own repository.
    private var cleanEnvironment: [String: String] {
        var clean = environment.filter { name, _ in !Self.repositoryVariables.contains(name) }
        clean["LC_ALL"] = "C"
        return clean
    }

    private static let repositoryVariables: Set<String> = [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE",
    ]

    /// - Returns: nil when the program did not end its output in time; an empty text when it cannot be started.
    private func output(of program: String, _ words: [String]) -> String? {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = words
        process.environment = cleanEnvironment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return "" }
        try? pipe.fileHandleForWriting.close()
        let bytes = read(pipe.fileHandleForReading.fileDescriptor)
        // It may still have more to say, or hang.
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Not a blocking read: a process that `git` started could keep the pipe open after its end.
    private func read(_ descriptor: Int32) -> [UInt8]? {
        let deadline = time.elapsed + patience
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4_096)
        while bytes.count < Self.mostBytes {
            let left = (deadline - time.elapsed).milliseconds
            guard left > 0 else { return nil }
            var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&state, 1, Int32(clamping: left)) > 0 else { continue }
            let count = systemRead(descriptor, &piece, piece.count)
            if count == 0 { break }
            if count > 0 { bytes += piece.prefix(count) } else if errno != EINTR { return [] }
        }
        return bytes
    }
}

private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
    read(descriptor, bytes, count)
}

extension ConfigurationFile {
    /// Adds the code versions of the files' directories. Blocks.
    /// - Parameter note: receives a message when `git` does not answer in time.
    static func withCode(_ files: [ConfigurationFile], git: GitDirectory = GitDirectory(), note: (String) -> Void) -> [ConfigurationFile] {
        var answers: [ExactText: GitDirectory.Answer] = [:]
        return files.map { file in
            guard let directory = file.source.directory else { return file }
            let key = ExactText(directory)
            if answers[key] == nil {
                let answer = git.answer(for: directory)
                answers[key] = answer
                if answer == .late {
                    note(
                        "weir: git did not answer within \(HumanText.duration(git.patience)) for \(HumanText.printable(directory)). "
                            + "The commit is not recorded.")
                }
            }
            guard case .code(let code)? = answers[key] else { return file }
            var file = file
            file.source.code = code
            return file
        }
    }
}
