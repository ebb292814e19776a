package import WorkflowModel

/// A version of a configuration, read, with the zones whose clocks its schedules go by.
package struct ReadSchedules: Sendable {
    package var version: ConfigurationVersion
    package var configuration: WorkflowConfiguration
    /// In their order.
    package var schedules: [ZonedSchedule]

    package init(version: ConfigurationVersion, configuration: WorkflowConfiguration, schedules: [ZonedSchedule]) {
        self.version = version
        self.configuration = configuration
        self.schedules = schedules
    }

    package subscript(id: String) -> ZonedSchedule? {
        schedules.first { $0.schedule.id == id }
    }

    /// Whether a run that the schedule starts has anything to do.
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

/// A configuration version whose ticks are not known here.
struct UnreadableSchedules: Error {
    var message: String
}

extension ReadSchedules {
    /// - Throws: ``UnreadableSchedules``, or the store's error.
    static func read(
        _ id: ConfigurationVersionID, of tenant: Tenant, from store: any WorkflowStore, zones: any ScheduleZones
    ) async throws -> ReadSchedules {
        guard let version = try await store.configurationVersion(id, of: tenant) else {
            throw UnreadableSchedules(message: "The configuration version \(id) is not there any more.")
        }
        let configuration: WorkflowConfiguration
        do {
            configuration = try ConfigurationReader().read(version.source, file: version.configuration)
        } catch {
            let first = error.problems.first.map { " (\($0))" } ?? ""
            throw UnreadableSchedules(
                message: "The configuration version \(id) cannot be read by this version of the service\(first).")
        }
        do {
            let schedules = try configuration.schedules.map {
                ZonedSchedule(schedule: $0, zone: try zones.zone(named: $0.timeZone))
            }
            return ReadSchedules(version: version, configuration: configuration, schedules: schedules)
        } catch {
            throw UnreadableSchedules(message: "Of the configuration version \(id) \(error).")
        }
    }
}
