#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Lists directories. All methods block.
enum DirectoryContents {
    /// Without `.` and `..`; empty when the directory cannot be read.
    static func names(in path: String) -> [String] {
        let descriptor = DescriptorReserve.shared.open(path, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { return [] }
        return names(in: descriptor)
    }

    /// - Parameter descriptor: of the directory; closed by this method.
    static func names(in descriptor: CInt) -> [String] {
        guard let directory = fdopendir(descriptor), let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name) else {
            DescriptorReserve.shared.close(descriptor)
            return []
        }
        var names: [String] = []
        while let entry = readdir(directory) {
            // By pointer: a copy of the field would read the longest possible name, beyond the end of a shorter entry, which may not
            // be mapped memory.
            let name = String(cString: UnsafeRawPointer(entry).advanced(by: nameOffset).assumingMemoryBound(to: CChar.self))
            if name != ".", name != ".." { names.append(name) }
        }
        closedir(directory)
        return names
    }
}
