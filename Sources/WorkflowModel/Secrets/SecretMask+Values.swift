extension SecretMask {
    /// - Parameter isCut: whether the text is the beginning of a longer one.
    public func masked(_ text: String, isCut: Bool = false) -> String {
        guard !isEmpty else { return text }
        return String(decoding: masked(Array(text.utf8), isCut: isCut), as: UTF8.self)
    }

    /// - Parameter isCut: whether the bytes are the beginning of a longer text.
    public func masked(_ bytes: [UInt8], isCut: Bool = false) -> [UInt8] {
        guard !isEmpty else { return bytes }
        var masker = SecretMasker(self)
        return masker.mask(bytes) + masker.finish(isCut: isCut)
    }

    /// A number that holds a secret becomes a text.
    public func masked(_ value: JSONValue) -> JSONValue {
        guard !isEmpty else { return value }
        return masking(value)
    }

    private func masking(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool: value
        case .integer(let number): masked(number: String(number)) ?? value
        case .number(let text): masked(number: text) ?? value
        case .string(let text): .string(masked(text))
        case .array(let items): .array(items.map(masking))
        case .object(let members): .object(masked(members))
        }
    }

    /// JSON keeps its form. A text without secrets stays as it is, byte by byte.
    public func masked(_ json: JSONText) -> JSONText {
        guard !isEmpty else { return json }
        guard let value = JSONValue(json: json.text.utf8) else { return JSONText(.string(masked(json.text))) }
        let masked = masked(value)
        return masked == value ? json : JSONText(masked)
    }

    private func masked(number: String) -> JSONValue? {
        let masked = masked(number)
        return masked.isIdentical(to: number) ? nil : .string(masked)
    }

    /// Names that become the same stay apart.
    private func masked(_ members: JSONMembers) -> JSONMembers {
        var result = JSONMembers()
        for member in members {
            var name = masked(member.name)
            let value = masking(member.value)
            while !result.add(name, value) { name += "*" }
        }
        return result
    }
}

extension SecretMask {
    public func masked(_ error: RunError) -> RunError {
        guard !isEmpty else { return error }
        var error = error
        error.type = masked(error.type)
        error.message = masked(error.message)
        error.data = error.data.map(masked)
        return error
    }

    /// The outcome of an attempt, before anything of it is stored or logged.
    public func masked(_ outcome: TaskOutcome) -> TaskOutcome {
        guard !isEmpty else { return outcome }
        return switch outcome {
        case .succeeded(let output): .succeeded(masked(output))
        case .failed(let error, let runID, let retryAfter):
            .failed(masked(error), runID: runID.map { masked($0) }, retryAfter: retryAfter)
        case .waiting(let wait, let runID):
            .waiting(masked(wait), runID: runID.map { masked($0) })
        case .stopped: .stopped
        }
    }

    private func masked(_ wait: TaskWait) -> TaskWait {
        var wait = wait
        wait.memo = masked(wait.memo)
        return wait
    }

    private func masked(_ output: TaskOutput) -> TaskOutput {
        TaskOutput(
            values: output.values.map(masked), runID: output.runID.map { masked($0) },
            // No mask is longer than its secret, so that the texts stay within their limits.
            warnings: (try? TaskWarnings(output.warnings.texts.map { masked($0) })) ?? TaskWarnings())
    }
}
