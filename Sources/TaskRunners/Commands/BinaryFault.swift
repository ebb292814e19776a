#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Explains why this machine cannot execute an ELF binary (System V ABI, chapters 4 and 5).
enum BinaryFault {
    /// `e_machine` values of common processors.
    private static let processors: [Int: String] = [
        3: "32-bit x86", 8: "MIPS", 20: "PowerPC", 21: "64-bit PowerPC", 22: "IBM Z", 40: "32-bit ARM", 62: "x86-64",
        183: "64-bit ARM", 243: "RISC-V", 258: "LoongArch",
    ]

    #if arch(x86_64)
        private static let own = 62
    #elseif arch(arm64)
        private static let own = 183
    #else
        private static let own = 0
    #endif

    /// A predicate for a sentence about the file.
    /// - Parameter bytes: the beginning of the file, up to its program headers and the name of its loader.
    /// - Returns: nil when the binary is valid.
    static func predicate(of bytes: [UInt8]) -> String? {
        let file = Reader(bytes: bytes)
        guard bytes.count >= 20, let type = file.number(at: 16, 2), let machine = file.number(at: 18, 2) else {
            return "is an incomplete binary"
        }
        if own != 0, machine != own {
            let processor = processors[machine] ?? "other"
            return "is built for \(processor), but this machine is \(processors[own] ?? "a different processor")"
        }
        // ET_EXEC and ET_DYN.
        guard type == 2 || type == 3 else { return "is a binary that is not linked as a program" }
        guard let loader = file.loader else { return nil }
        return ProgramFault.predicate(of: loader).map { "needs the loader `\(loader)`, which \($0)" }
    }

    private struct Reader {
        let bytes: [UInt8]

        var is64: Bool { bytes[4] == 2 }

        func number(at place: Int, _ width: Int) -> Int? {
            guard place >= 0, place <= bytes.count - width else { return nil }
            let part = bytes[place..<place + width]
            let value = (bytes[5] == 2 ? Array(part) : part.reversed()).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Int(exactly: value)
        }

        /// The path in the program header PT_INTERP; nil for a statically linked program.
        var loader: String? {
            guard let table = number(at: is64 ? 32 : 28, is64 ? 8 : 4), let size = number(at: is64 ? 54 : 42, 2),
                let count = number(at: is64 ? 56 : 44, 2)
            else { return nil }
            for index in 0..<min(count, 128) {
                let (header, overflow) = table.addingReportingOverflow(index * size)
                guard !overflow, number(at: header, 4) == 3 else { continue }
                guard let place = number(at: header + (is64 ? 8 : 4), is64 ? 8 : 4),
                    let length = number(at: header + (is64 ? 32 : 16), is64 ? 8 : 4), place < bytes.count, length > 1,
                    length <= 4_096, place <= bytes.count - length
                else { return nil }
                return String(decoding: bytes[place..<place + length].prefix { $0 != 0 }, as: UTF8.self)
            }
            return nil
        }
    }
}
