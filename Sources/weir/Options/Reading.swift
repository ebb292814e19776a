import ArgumentParser
import PostgresStore
import WorkflowEngine
import WorkflowModel

/// Reads arguments; each complaint says what is accepted.
enum Reading {
    @Sendable static func timestamp(_ text: String) throws -> Timestamp {
        guard let instant = Timestamp(iso8601: text) else { throw ValidationError("Accepted is \(Timestamp.acceptedForms).") }
        return instant
    }

    @Sendable static func tenant(_ text: String) throws -> Tenant {
        guard let tenant = Tenant(text) else { throw ValidationError("A tenant has \(Tenant.rule).") }
        return tenant
    }

    @Sendable static func database(_ text: String) throws -> DatabaseAddress {
        do throws(StoreError) {
            return try DatabaseAddress(text)
        } catch {
            throw ValidationError("Accepted is \(DatabaseAddress.accepted).")
        }
    }

    @Sendable static func state(_ text: String) throws -> WorkflowState {
        guard let state = WorkflowState(name: text) else {
            let names = WorkflowState.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("Accepted is one of \(names), or a label of theirs.")
        }
        return state
    }

    @Sendable static func runMode(_ text: String) throws -> RunMode {
        guard let mode = RunMode(rawValue: text) else { throw ValidationError("Accepted is source, refresh or full.") }
        return mode
    }

    @Sendable static func rerunVersion(_ text: String) throws -> RerunVersion {
        guard let version = RerunVersion(rawValue: text) else { throw ValidationError("Accepted is current or launched.") }
        return version
    }

    @Sendable static func policy(_ text: String) throws -> AccessPolicy {
        guard let policy = AccessPolicy(rawValue: text) else { throw ValidationError("Accepted is viewer, operator or admin.") }
        return policy
    }

    @Sendable static func runID(_ text: String) throws -> RunID {
        guard !text.isEmpty, text.utf8.count <= RunID.longestID else {
            throw ValidationError("An id of a run is 1 to \(RunID.longestID) bytes long.")
        }
        return RunID(rawValue: text)
    }

    /// - Returns: a reader of whole numbers within a range.
    static func number(_ range: ClosedRange<Int>) -> @Sendable (String) throws -> Int {
        { text in
            guard let number = Int(text), range.contains(number) else {
                throw ValidationError("Accepted is a whole number from \(range.lowerBound) to \(range.upperBound).")
            }
            return number
        }
    }

    /// As in configurations: `10s`, `1m30s`.
    @Sendable static func duration(_ text: String) throws -> Duration {
        guard let duration = Duration(configurationText: text) else {
            throw ValidationError("Accepted is \(Duration.configurationForm), 365d at most.")
        }
        return duration
    }

    /// How old something is, from ``RetentionLimits/leastAge`` on.
    @Sendable static func age(_ text: String) throws -> Duration {
        guard let age = Duration(configurationText: text, upTo: RetentionLimits.greatestAge), age >= RetentionLimits.leastAge else {
            throw ValidationError("Accepted is a duration from 1d to 36500d, such as 30d or 400d.")
        }
        return age
    }

    @Sendable static func lease(_ text: String) throws -> Duration {
        guard let duration = Duration(configurationText: text), EngineSettings.leases.contains(duration) else {
            throw ValidationError("Accepted is a duration from 1s to 1h, such as 30s or 2m.")
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
        throw ValidationError("Accepted is a number of bytes from 1KiB to 64MiB, such as 65536, 512KiB or 4MiB.")
    }
}
