package import WorkflowModel

/// The schedules of a parsed configuration version, with their time zones.
package struct ReadSchedules: Sendable {
    package var version: ConfigurationVersion
    package var configuration: WorkflowConfiguration
    /// In the order of the file.
    package var schedules: [ZonedSchedule]

    package init(version: ConfigurationVersion, configuration: WorkflowConfiguration, schedules: [ZonedSchedule]) {
        self.version = version
        self.configuration = configuration
        self.schedules = schedules
    }

    package subscript(id: String) -> ZonedSchedule? {
        schedules.first { $0.schedule.id == id }
    }

    /// Whether a run that the schedule starts has any task to execute.
    func canRun(_ schedule: Schedule) -> Bool {
        let mode = schedule.runMode ?? configuration.runMode
        return configuration.stages.contains { $0.runModes.contains(mode) && !$0.tasks.isEmpty }
    }
}

package struct ZonedSchedule: Sendable {
    package var schedule: Schedule
    package var zone: ScheduleZone

    package init(schedule: Schedule, zone: ScheduleZone) {
        self.schedule = schedule
        self.zone = zone
    }
}

/// The schedules of a configuration version cannot be read here.
struct UnreadableSchedules: Error {
    var message: String
}

extension ReadSchedules {
    /// - Throws: ``UnreadableSchedules``, or the store's error.
    static func read(
        _ id: ConfigurationVersionID, of tenant: Tenant, from store: any ConfigurationStore, zones: any ScheduleZones
    ) async throws -> ReadSchedules {
        guard let version = try await store.configurationVersion(id, of: tenant) else {
            throw UnreadableSchedules(message: "The configuration version \(id) no longer exists.")
        }
        let configuration: WorkflowConfiguration
        do {
            configuration = try ConfigurationReader.ofAcceptedText.read(version.source, file: version.configuration)
        } catch {
            let first = error.problems.first.map { " (\($0))" } ?? ""
            throw UnreadableSchedules(
                message: "The configuration version \(id) cannot be read by this version of Weir\(first).")
        }
        do {
            let schedules = try configuration.schedules.map {
                ZonedSchedule(schedule: $0, zone: try zones.zone(named: $0.timeZone))
            }
            return ReadSchedules(version: version, configuration: configuration, schedules: schedules)
        } catch {
            throw UnreadableSchedules(message: "The schedules of the configuration version \(id) cannot be used: \(error).")
        }
    }
}
