import ArgumentParser
import PostgresStore
import WorkflowEngine
import WorkflowModel
import WorkflowOperations

/// Parses arguments. Each error message says what is accepted.
enum Reading {
    /// The time to which relative times refer. It is read once, so that `today` means one day in all arguments.
    static let now = SystemTime().now

    /// An ISO 8601 date-time or a relative time, in UTC. A day or a month means its first instant.
    @Sendable static func timestamp(_ text: String) throws -> Timestamp {
        guard let time = TypedTime(text, at: now) else { throw ValidationError("Accepted: \(TypedTime.acceptedForms).") }
        return time.start
    }

    /// A time from now such as `2h`, or a time as ``timestamp(_:)`` reads it.
    /// - Throws: for a time that is not in the future.
    @Sendable static func timeToCome(_ text: String) throws -> Timestamp {
        let time = Duration(configurationText: text).map { now + $0 } ?? TypedTime(text, at: now)?.start
        guard let time, time > now else {
            throw ValidationError(
                "Accepted: a time in the future: a time from now such as 90m or 2d, tomorrow, tomorrow 09:00, or an ISO 8601 date-time."
            )
        }
        return time
    }

    @Sendable static func reason(_ text: String) throws -> String {
        if let problem = ReasonRule.problem(with: text) { throw ValidationError(problem) }
        return text
    }

    @Sendable static func tenant(_ text: String) throws -> Tenant {
        guard let tenant = Tenant(text) else { throw ValidationError("A tenant has \(Tenant.rule).") }
        return tenant
    }

    @Sendable static func serviceURL(_ text: String) throws -> String {
        do throws(ServiceURLProblem) {
            return try ServiceURL.read(text)
        } catch {
            throw ValidationError("The URL \(error.message)")
        }
    }

    /// Names of variables, separated by commas, that commands may see.
    @Sendable static func variables(_ text: String) throws -> [String] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
            if name.contains("=") {
                throw ValidationError(
                    "Accepted: a name without a value. Set \(name.prefix { $0 != "=" }) in the environment of the service.")
            }
            let isLetter = { (byte: UInt8) in
                byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            }
            let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
            guard let first = name.utf8.first, isLetter(first), name.utf8.allSatisfy({ isLetter($0) || digits.contains($0) }) else {
                throw ValidationError("The name of a variable has letters, digits and _, and does not begin with a digit.")
            }
            guard !name.uppercased().hasPrefix("WEIR_") else {
                throw ValidationError("Variables that begin with WEIR_ are reserved for the service.")
            }
            return String(name)
        }
    }

    @Sendable static func database(_ text: String) throws -> DatabaseAddress {
        do throws(StoreError) {
            return try DatabaseAddress(text)
        } catch {
            throw ValidationError("Accepted: \(DatabaseAddress.accepted).")
        }
    }

    @Sendable static func runMode(_ text: String) throws -> RunMode {
        guard let mode = RunMode(rawValue: text) else { throw ValidationError("Accepted: source, refresh, full.") }
        return mode
    }

    static var resolutions: String { Resolution.allCases.map(\.rawValue).joined(separator: ", ") }

    @Sendable static func resolution(_ text: String) throws -> Resolution {
        guard let resolution = Resolution(rawValue: text) else { throw ValidationError("Accepted: \(resolutions).") }
        return resolution
    }

    /// One that does not restart a run: `weir bulk rerun` does.
    @Sendable static func resolutionInPlace(_ text: String) throws -> Resolution {
        guard let resolution = Resolution(rawValue: text), resolution.actsInPlace else {
            throw ValidationError("Accepted: retry, skip, succeed.")
        }
        return resolution
    }

    @Sendable static func rerunVersion(_ text: String) throws -> RerunVersion {
        guard let version = RerunVersion(rawValue: text) else { throw ValidationError("Accepted: current, launched.") }
        return version
    }

    @Sendable static func policy(_ text: String) throws -> AccessPolicy {
        guard let policy = AccessPolicy(rawValue: text) else { throw ValidationError("Accepted: \(AccessPolicy.names).") }
        return policy
    }

    @Sendable static func runID(_ text: String) throws -> RunID {
        guard !text.isEmpty, text.utf8.count <= RunID.longestID else {
            throw ValidationError("Accepted: the id of a run, 1 to \(RunID.longestID) bytes.")
        }
        return RunID(rawValue: text)
    }

    /// - Returns: a reader of whole numbers within a range.
    static func number(_ range: ClosedRange<Int>) -> @Sendable (String) throws -> Int {
        { text in
            guard let number = Int(text), range.contains(number) else {
                throw ValidationError("Accepted: a whole number from \(range.lowerBound) to \(range.upperBound).")
            }
            return number
        }
    }

    /// As in configurations: `10s`, `1m30s`.
    @Sendable static func duration(_ text: String) throws -> Duration {
        guard let duration = Duration(configurationText: text) else {
            throw ValidationError("Accepted: \(Duration.configurationForm), 365d at most.")
        }
        return duration
    }

    /// An age, at least ``RetentionLimits/leastAge``.
    @Sendable static func age(_ text: String) throws -> Duration {
        guard let age = Duration(configurationText: text, upTo: RetentionLimits.greatestAge), age >= RetentionLimits.leastAge else {
            throw ValidationError("Accepted: a duration from 1d to 36500d, such as 30d or 400d.")
        }
        return age
    }

    /// The budget of a search, within ``SearchBudget/times``.
    @Sendable static func searchTime(_ text: String) throws -> Duration {
        guard let duration = Duration(configurationText: text), SearchBudget.times.contains(duration) else {
            throw ValidationError("Accepted: a duration from 10ms to 10s, such as 50ms or 1s.")
        }
        return duration
    }

    @Sendable static func lease(_ text: String) throws -> Duration {
        guard let duration = Duration(configurationText: text), EngineSettings.leases.contains(duration) else {
            throw ValidationError("Accepted: a duration from 1s to 1h, such as 30s or 2m.")
        }
        return duration
    }

    /// Bytes, or with one of the units `KiB`, `MiB`.
    @Sendable static func size(_ text: String) throws -> Int {
        let units = [("KiB", 1 << 10), ("MiB", 1 << 20), ("", 1)]
        for (unit, factor) in units where text.hasSuffix(unit) {
            guard let number = Int(text.dropLast(unit.count)), (1...(1 << 20)).contains(number) || factor == 1 else { break }
            let bytes = number * factor
            if (1_024...(64 << 20)).contains(bytes) { return bytes }
            break
        }
        throw ValidationError("Accepted: a number of bytes from 1KiB to 64MiB, such as 65536, 512KiB or 4MiB.")
    }
}
