/// Reads the text of a configuration and checks it whole.
public struct ConfigurationReader: Sendable {
    private let zones: (any ScheduleZones)?

    /// - Parameter zones: where the zones of schedules are looked up. Without them any name is taken, because a text that was once
    ///   accepted has to be readable on a machine without zone data, too: who accepts one hands them in.
    public init(zones: (any ScheduleZones)? = nil) {
        self.zones = zones
    }

    /// Reads a configuration.
    ///
    /// - Parameter file: what the problems call the text: a path, or the id that it was sent for.
    /// - Throws: everything that is wrong with it, sorted by line. A text that is no YAML or no JSON has that one problem only.
    public func read(_ source: ConfigurationSource, file: String) throws(ConfigurationProblems) -> WorkflowConfiguration {
        let complaints = Complaints()
        let configuration = configuration(source, complaints)
        guard let configuration, complaints.isEmpty else {
            if complaints.isEmpty { complaints.add(nil, "The text is not a configuration.") }
            throw complaints.problems(in: file)
        }
        return configuration
    }

    private func configuration(_ source: ConfigurationSource, _ complaints: Complaints) -> WorkflowConfiguration? {
        if let directory = source.directory, !directory.hasPrefix("/") || directory.utf8.contains(0) {
            complaints.add(nil, "The directory of a configuration must be an absolute path, not \(directory.quoted).")
        }
        guard let root = Self.tree(source, complaints) else { return nil }
        root.checkDuplicates(complaints)
        return ConfigurationTreeReader(complaints: complaints, zones: zones).configuration(root)
    }

    private static func tree(_ source: ConfigurationSource, _ complaints: Complaints) -> SourceNode? {
        guard source.text.utf8.count <= ConfigurationLimits.textBytes else {
            let limit = ConfigurationLimits.textBytes / 1_024
            complaints.add(
                nil, "The text of a configuration may be \(limit) KiB long; this one has \(source.text.utf8.count) bytes.")
            return nil
        }
        guard checkCharacters(source.text, complaints) else { return nil }
        // Some editors begin a file with a byte order mark; it says nothing about UTF-8.
        let text = source.text.unicodeScalars.first == "\u{FEFF}" ? String(source.text.unicodeScalars.dropFirst()) : source.text
        switch source.format {
        case .yaml: return YAMLTree.read(text, complaints)
        case .json: return JSONTree.read(text, complaints)
        }
    }

    /// Neither format takes control characters but tabs and line breaks.
    private static func checkCharacters(_ text: String, _ complaints: Complaints) -> Bool {
        var line = 1
        var isClean = true
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A: line += 1
            case 0x09, 0x0D, 0x85: continue
            case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF:
                let code = String(scalar.value, radix: 16, uppercase: true)
                let number = String(repeating: "0", count: max(0, 4 - code.count)) + code
                complaints.add(
                    line, "The line has a control character in it (U+\(number)); a text has letters, tabs and line breaks.")
                isClean = false
            default: continue
            }
        }
        return isClean
    }
}

extension ConfigurationSource {
    /// The text that a file or a request brought as bytes.
    ///
    /// - Parameter file: what the problems call it.
    /// - Throws: the problem that they are not UTF-8, or too many.
    public init(
        utf8 bytes: some Collection<UInt8>, format: Format, directory: String? = nil, file: String
    ) throws(ConfigurationProblems) {
        guard bytes.count <= ConfigurationLimits.textBytes else {
            let message =
                "The text of a configuration may be \(ConfigurationLimits.textBytes / 1_024) KiB long; this one has \(bytes.count) bytes."
            throw ConfigurationProblems(problems: [ConfigurationProblem(file: file, line: nil, message: message)])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let line = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                .firstIndex { String(validating: $0, as: UTF8.self) == nil }
            throw ConfigurationProblems(problems: [
                ConfigurationProblem(
                    file: file, line: line.map { $0 + 1 },
                    message: "The text is not UTF-8, which is the encoding of configurations.")
            ])
        }
        self.init(text: text, format: format, directory: directory)
    }
}
