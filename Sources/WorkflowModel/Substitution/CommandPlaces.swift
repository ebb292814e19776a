/// The places of the items of a command: values never decide which program runs, and are never code.
enum CommandPlaces {
    /// Programs that start the one that they are given behind their own options.
    private static let starters = [
        "env", "sudo", "doas", "timeout", "nice", "ionice", "nohup", "stdbuf", "setsid", "time", "tini", "dumb-init", "poetry",
        "pipenv", "uv", "conda",
    ]
    /// Programs that start another one in their own ways. Behind them, only an interpreter tells where its arguments begin.
    private static let wrappers = [
        "xargs", "chroot", "flock", "unshare", "systemd-run", "strace", "docker", "podman", "kubectl", "busybox", "find", "gosu",
        "su-exec", "srun", "su", "runuser",
    ]

    static func places(of items: [String]) -> [TemplatePlace] {
        var places = [TemplatePlace](repeating: .argument, count: items.count)
        guard let first = items.first else { return places }
        places[0] = .program
        let name = Interpreter.name(of: first)
        let isStarter = starters.contains(name)
        let isWrapper = isStarter || wrappers.contains(name)
        var program = items.count
        for (index, item) in items.enumerated() {
            guard let interpreter = Interpreter(program: item, isCertain: index == 0 || isWrapper) else { continue }
            interpreter.mark(&places, of: items, from: index + 1)
            if index > 0 { program = min(program, index) }
        }
        guard isWrapper else { return places }
        if isStarter { program = min(program, startedProgram(in: items)) }
        for index in 1..<max(1, program) where places[index] == .argument {
            places[index] = isStarter ? .program : .wrapped(by: name)
        }
        return places
    }

    /// The first item that is certainly the program: a name that is written out, and that is neither an option or its value, nor a
    /// variable, nor a number.
    private static func startedProgram(in items: [String]) -> Int {
        items.indices.dropFirst().first { index in
            let (item, before) = (items[index], items[index - 1])
            let isValue = before.utf8.first == UInt8(ascii: "-") && before != "--"
            return !isValue && !["run", "exec"].contains(item) && !item.utf8.contains(UInt8(ascii: "="))
                && !TextTemplate.hasSyntax(item) && item.utf8.first.map { $0 != UInt8(ascii: "-") && !$0.isDigit } == true
        } ?? items.count
    }
}

/// A program that takes code on its command line.
private struct Interpreter {
    /// The letters of short flags that code follows.
    var letters: String
    /// Those of them that the name of a program follows, behind which nothing is code.
    var ending = ""
    /// Long flags that code follows.
    var words: [String] = []
    /// Flags that a value follows, which is no code.
    var valued: [String] = []
    /// Flags that the name of something follows, which is executed or loaded.
    var loading: [String] = []
    /// Whether the first argument without a flag is a program.
    var takesScript = true
    /// Whether every argument is code, because another program joins and reads them.
    var readsAll = false

    private static let shells = ["sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish", "csh", "tcsh", "rbash"]
    private static let shell = Interpreter(
        letters: "c", words: ["--command"], valued: ["-o", "+o", "-O", "+O"], loading: ["--rcfile", "--init-file"])
    private static let all: [(names: [String], interpreter: Interpreter)] = [
        (shells, shell),
        (["python", "pypy"], Interpreter(letters: "cm", ending: "m", valued: ["-W", "-X"])),
        (["perl"], Interpreter(letters: "eE", loading: ["-I", "-M", "-m"])),
        (["ruby"], Interpreter(letters: "e", loading: ["-I", "-r", "-C"])),
        (
            ["node", "nodejs", "deno", "bun"],
            Interpreter(letters: "ep", words: ["--eval", "--print", "eval"], loading: ["-r", "--require", "--import"])
        ),
        (["php"], Interpreter(letters: "rRBE", words: ["--run"], valued: ["-d"], loading: ["-c"])),
        (["lua", "luajit", "Rscript", "R"], Interpreter(letters: "e", loading: ["-l"])),
        (["pwsh", "powershell"], Interpreter(letters: "c", words: ["-Command", "-command", "-EncodedCommand"])),
        (["awk", "gawk", "mawk"], Interpreter(letters: "e", words: ["--source"], valued: ["-v", "-F"], loading: ["-f"])),
        (["sed"], Interpreter(letters: "e", words: ["--expression"], loading: ["-f"])),
        (["psql", "duckdb", "vsql"], Interpreter(letters: "c", words: ["--command"], takesScript: false)),
        (
            ["mysql", "mariadb", "clickhouse-client"],
            Interpreter(letters: "eq", words: ["--execute", "--query"], takesScript: false)
        ),
        (["su", "runuser"], Interpreter(letters: "c", words: ["--command", "--session-command"], takesScript: false)),
        (["git"], Interpreter(letters: "", words: ["-c", "--exec-path", "--upload-pack", "--receive-pack"], takesScript: false)),
        (
            ["tar"],
            Interpreter(
                letters: "IF", words: ["--to-command", "--use-compress-program", "--checkpoint-action", "--rsh-command"],
                takesScript: false)
        ),
        (["rsync"], Interpreter(letters: "e", words: ["--rsh", "--rsync-path"], takesScript: false)),
        (["scp", "sftp"], Interpreter(letters: "SoF", takesScript: false)),
        (["gdb"], Interpreter(letters: "x", words: ["--eval-command", "--command"], takesScript: false)),
        (["vi", "vim", "nvim", "ex"], Interpreter(letters: "cS", words: ["--cmd"], takesScript: false)),
        (["spark-sql", "hive", "beeline"], Interpreter(letters: "e", takesScript: false)),
        (["ssh", "eval", "parallel", "watch", "sqlite"], Interpreter(letters: "", readsAll: true)),
    ]

    private init(
        letters: String, ending: String = "", words: [String] = [], valued: [String] = [], loading: [String] = [],
        takesScript: Bool = true,
        readsAll: Bool = false
    ) {
        self.letters = letters
        self.ending = ending
        self.words = words
        self.valued = valued
        self.loading = loading
        self.takesScript = takesScript
        self.readsAll = readsAll
    }

    /// The name of a program without its directory and version: `python` for `/usr/bin/python3.12`.
    static func name(of program: String) -> String {
        var name = program.split(separator: "/").last ?? ""
        while let last = name.utf8.last, last.isDigit || last == UInt8(ascii: ".") || last == UInt8(ascii: "-") {
            name.removeLast()
        }
        return String(name)
    }

    /// - Parameter isCertain: whether the item is a program. Otherwise it may be a word, and only shells and Python are recognized.
    /// - Returns: nil for a program that takes no code.
    init?(program: String, isCertain: Bool) {
        let name = Self.name(of: program)
        guard isCertain || Self.shells.contains(name) || name == "python",
            let found = Self.all.first(where: { $0.names.contains(name) })
        else { return nil }
        self = found.interpreter
    }

    /// Marks the items behind the program.
    func mark(_ places: inout [TemplatePlace], of items: [String], from start: Int) {
        var index = start
        var hasCode = false
        while index < items.count {
            let item = items[index]
            if readsAll {
                places[index] = .code(flag: items[start - 1])
            } else if let flag = codeFlag(item) {
                places[index] = .code(flag: flag)
                if index + 1 < items.count { places[index + 1] = .code(flag: flag) }
                guard !flag.contains(where: ending.contains) else { return }
                hasCode = true
            } else if valued.contains(item) {
                index += 1
            } else if loading.contains(item) {
                index += 1
                if index < items.count { places[index] = .program }
            } else if loading.contains(where: { $0.utf8.count == 2 && item.hasPrefix($0) }) {
                // The name stands in the same item: `-Mstrict`.
                places[index] = .program
            } else if item.utf8.starts(with: "-$".utf8) {
                // The value decides which flag it is.
                places[index] = .program
            } else if takesScript, !hasCode, item.utf8.first != UInt8(ascii: "-"), item.utf8.first != UInt8(ascii: "+") {
                places[index] = .program
                return
            }
            index += 1
        }
    }

    /// The flag, if code stands behind it or in it: `-c`, `-lc`, `--eval`, `--eval=…`.
    private func codeFlag(_ item: String) -> String? {
        if let word = words.first(where: { item == $0 || item.hasPrefix($0 + "=") }) { return word }
        let bytes = Array(item.utf8)
        let dash = UInt8(ascii: "-")
        guard bytes.first == dash, bytes.count > 1, bytes[1] != dash else { return nil }
        let flags = bytes.dropFirst().prefix { $0.isLetterOrDigit && !$0.isDigit }
        return flags.contains(where: letters.utf8.contains) ? "-" + String(decoding: flags.prefix(8), as: UTF8.self) : nil
    }
}
