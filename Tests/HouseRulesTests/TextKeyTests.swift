import Testing

/// Strings in Swift are equal if Unicode considers them canonically equivalent. Stores, JSON and the wire compare bytes, so that a
/// dictionary or a set of external texts uses `ExactText` as its key.
@Suite("House rules")
struct TextKeyTests {
    private static let keyedByStrings = Pattern(#"\[(String|Substring) ?: ?|\b(Set|Dictionary)<(String|Substring)\b"#)

    /// Files in which string keys cannot be confused, and the reason.
    private static let allowed: [(reason: String, paths: [String])] = [
        (
            "Ids of tasks, schedules and configurations, and names of resources, are validated as ASCII.",
            [
                "PostgresStore/Limits/PostgresConnection+SavingLimits.swift", "PostgresStore/Runs/PostgresStore+Lookups.swift",
                "PostgresStore/Runs/PostgresStore+Values.swift", "PostgresStore/Schedules/PostgresStore+Pauses.swift",
                "PostgresStore/Runs/PostgresConnection+SavingRuns.swift",
                "PostgresStore/Work/PostgresStore+Claims.swift", "PostgresStore/Work/PostgresStore+Commit.swift",
                "SQLiteStore/Work/SQLiteStore+Commit.swift", "StoreCore/Runs/RunTransaction.swift",
                "WorkflowEngine/Attempts/AttemptPreparation.swift", "WorkflowModel/Configurations/DefaultsReader.swift",
                "WorkflowModel/Ports/WorkStore.swift", "WorkflowModel/Runs/RunProgress+Gates.swift",
                "WorkflowModel/Substitution/AttemptValues.swift", "SQLiteStore/Runs/SQLiteStore+RecentRuns.swift",
                "SQLiteStore/Runs/SQLiteStore+TaskValues.swift", "SQLiteStore/Schedules/SQLiteStore+Pauses.swift",
                "StoreCore/Limits/LimitTransaction.swift",
                "StoreCore/Runs/RunHeader.swift",
                "WorkflowAPI/Forms/JSONWriter+Configurations.swift", "WorkflowEngine/DefinitionCache.swift",
                "WorkflowEngine/Schedules/TickDecision.swift", "WorkflowModel/Access/Tenant.swift",
                "WorkflowModel/Alerts/AlertMatter+Ticks.swift", "WorkflowModel/Configurations/ResourceUseReader.swift",
                "WorkflowModel/Configurations/ScheduleReader.swift",
                "WorkflowModel/Configurations/WorkflowConfiguration+Changes.swift",
                "WorkflowModel/Configurations/WorkflowConfiguration.swift", "WorkflowModel/Limits/Limit.swift",
                "WorkflowModel/Limits/ResourceUse.swift", "WorkflowModel/Ports/PauseStore.swift",
                "WorkflowModel/Ports/RunListStore.swift",
                "WorkflowModel/Ports/TaskRunner.swift", "WorkflowModel/Runs/RunPlan+Rerun.swift",
                "WorkflowModel/Runs/RunPlan+Closing.swift", "WorkflowModel/Runs/RunProgress+Closing.swift",
                "WorkflowModel/Runs/RunPlan.swift",
                "WorkflowModel/Runs/Resolutions/ResolutionOffer.swift",
                "WorkflowModel/Runs/Resolutions/RunProgress+Resolutions.swift",
                "WorkflowModel/Runs/RunProgress.swift", "WorkflowModel/Tasks/Lease.swift", "WorkflowModel/Tasks/TaskValues.swift",
                "WorkflowModel/Transfer/TransferredRun.swift", "WorkflowPages/Run/RerunPage.swift",
                "WorkflowServer/Handlers/RerunRoutes.swift", "WorkflowServer/Pages/Routes/RerunPageRoutes.swift",
                "WorkflowOperations/Administration/AdministrationForms.swift", "weir/Options/ConfigurationFile.swift",
            ]
        ),
        (
            "The service generates ids of keys from letters and digits.",
            [
                "PostgresStore/Access/PostgresStore+Keys.swift", "SQLiteStore/Access/SQLiteStore+Keys.swift",
                "WorkflowModel/Ports/KeyStore.swift",
            ]
        ),
        (
            "Names of members, parameters and headers in the code are lower-case ASCII: no other text is equivalent to one.",
            [
                "TaskRunners/HTTP/HTTPReply.swift", "WorkflowAPI/Alerts/AlertAnswers.swift", "WorkflowAPI/Bulk/BulkAnswers.swift",
                "WorkflowAPI/Forms/ScheduleForecast.swift",
                "WorkflowAPI/Reading/ConfigurationAnswers.swift", "WorkflowAPI/Reading/ConfigurationCheck.swift",
                "WorkflowAPI/Reading/WaitReasonsAnswer.swift",
                "WorkflowAPI/Reading/AuditListAnswer.swift", "WorkflowAPI/Reading/FiringListAnswer.swift",
                "WorkflowAPI/Reading/TickListAnswer.swift",
                "WorkflowAPI/Requests/BackfillRequest.swift",
                "WorkflowModel/Configurations/HTTPCallReader.swift", "WorkflowPages/History/HistoryAddress+Reading.swift",
                "WorkflowServer/Handlers/ConfigurationRoutes.swift", "WorkflowServer/Handlers/TokenRoutes.swift",
            ]
        ),
        (
            "The program's own texts: statements, paths, files, settings of a connection, variables of an environment.",
            [
                "PostgresStore/Connection/DatabaseAddress.swift", "PostgresStore/Connection/PostgresConnection.swift",
                "TaskRunners/Commands/CommandEnvironment.swift", "TaskRunners/Commands/PreparedCommand.swift",
                "TaskRunners/HTTP/ProxySettings.swift", "TaskRunners/Processes/ShortProgram.swift",
                "TaskRunners/Processes/ProcessFamily.swift", "WorkflowPages/Frame/Assets.swift",
                "WorkflowServer/Routing/RouteTable.swift", "weir/Completion/ServiceCompletion.swift",
                "weir/Options/ClientOptions.swift", "weir/Options/GitDirectory.swift",
                "weir/Options/TenantOptions.swift",
                "weir/Output/TaskProgress.swift", "weir/Service/Local/LocalSecrets.swift", "weir/Service/ServicePlan.swift",
                "weir/Service/ServiceProcess.swift",
            ]
        ),
        (
            "A count of failures: two equivalent ids share it and are slowed down together.",
            ["WorkflowServer/Pages/Access/SignInAllowance.swift"]
        ),
        (
            "Regions of a live page, which shows tasks with ids made by the service. Tags are hashes.",
            [
                "WorkflowPages/Frame/LiveRegion.swift", "WorkflowServer/Pages/Live/RecentLooks.swift",
                "WorkflowServer/Pages/Live/SeenRegions.swift",
            ]
        ),
        ("It converts such a dictionary to `ExactText` keys.", ["WorkflowModel/JSONMembers.swift"]),
    ]

    @Test func textsFromOutsideAreKeysByTheirBytes() {
        let allowed = Set(Self.allowed.flatMap(\.paths).map { "Sources/\($0)" })
        let places = Repository.sources.filter { !allowed.contains($0.path) }
            .flatMap { $0.places(of: Self.keyedByStrings) }
        #expect(places == [], "use `ExactText`, or say in `allowed` why no two keys can be equivalent")
    }
}
