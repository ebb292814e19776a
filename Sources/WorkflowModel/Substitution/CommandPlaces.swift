/// The places of the items of a command: values never decide which program runs, and are never code.
enum CommandPlaces {
    /// Programs that start the one that they are given.
    private static let wrappers = [
        "env", "sudo", "doas", "timeout", "nice", "ionice", "nohup", "stdbuf", "setsid", "xargs", "time", "chroot", "flock",
        "unshare",
        "systemd-run", "strace", "docker", "podman", "kubectl", "busybox", "find", "gosu", "su-exec", "tini", "dumb-init", "poetry",
        "pipenv", "uv", "conda", "srun", "su", "runuser",
    ]

    static func places(of items: [String]) -> [TemplatePlace] {
        var places = [TemplatePlace](repeating: .argument, count: items.count)
        guard let first = items.first else { return places }
        places[0] = .program
        let isWrapper = wrappers.contains(Interpreter.name(of: first))
        for (index, item) in items.enumerated() {
            guard let interpreter = Interpreter(program: item, isCertain: index == 0 || isWrapper) else { continue }
            interpreter.mark(&places, of: items, from: index + 1)
        }
        return places
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
    /// Whether the first argument without a flag is a program.
    var takesScript = true
    /// Whether every argument is code, because another program joins and reads them.
    var readsAll = false

    private static let shells = ["sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish", "csh", "tcsh", "rbash"]
    private static let shell = Interpreter(
        letters: "c", words: ["--command"], valued: ["-o", "+o", "-O", "+O", "--rcfile", "--init-file"])
    private static let all: [(names: [String], interpreter: Interpreter)] = [
        (shells, shell),
        (["python", "pypy"], Interpreter(letters: "cm", ending: "m", valued: ["-W", "-X"])),
        (["perl"], Interpreter(letters: "eE", valued: ["-I", "-M", "-m"])),
        (["ruby"], Interpreter(letters: "e", valued: ["-I", "-r", "-C"])),
        (
            ["node", "nodejs", "deno", "bun"],
            Interpreter(letters: "ep", words: ["--eval", "--print", "eval"], valued: ["-r", "--require"])
        ),
        (["php"], Interpreter(letters: "rRBE", words: ["--run"], valued: ["-d", "-c"])),
        (["lua", "luajit", "Rscript", "R"], Interpreter(letters: "e", valued: ["-l"])),
        (["pwsh", "powershell"], Interpreter(letters: "c", words: ["-Command", "-command", "-EncodedCommand"])),
        (["awk", "gawk", "mawk"], Interpreter(letters: "e", words: ["--source"], valued: ["-v", "-F", "-f"])),
        (["sed"], Interpreter(letters: "e", words: ["--expression"], valued: ["-f"])),
        (["psql", "duckdb", "vsql"], Interpreter(letters: "c", words: ["--command"], takesScript: false)),
        (
            ["mysql", "mariadb", "clickhouse-client"],
            Interpreter(letters: "eq", words: ["--execute", "--query"], takesScript: false)
        ),
        (["su", "runuser"], Interpreter(letters: "c", words: ["--command", "--session-command"], takesScript: false)),
        (["ssh", "eval", "parallel", "watch", "sqlite"], Interpreter(letters: "", readsAll: true)),
    ]

    private init(
        letters: String, ending: String = "", words: [String] = [], valued: [String] = [], takesScript: Bool = true,
        readsAll: Bool = false
    ) {
        self.letters = letters
        self.ending = ending
        self.words = words
        self.valued = valued
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
