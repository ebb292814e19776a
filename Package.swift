// swift-tools-version: 6.2
import PackageDescription

/// The settings of every target: explicit existentials, internal imports by default, and no member of a module that is not imported.
let rules: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let collections: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "weir",
    products: [
        .executable(name: "weir", targets: ["weir"]),
        .library(name: "WorkflowClient", targets: ["WorkflowClient"]),
        // For the benchmarks, which measure these targets without a process around them.
        .library(
            name: "Rooms",
            targets: ["WorkflowModel", "WorkflowAPI", "WorkflowEngine", "WorkflowServer", "SQLiteStore", "PostgresStore"]),
        // For the benchmarks, which start PostgreSQL clusters as the tests do.
        .library(name: "PostgresClusterKit", targets: ["PostgresClusterKit"]),
        // For the benchmarks, which drive more items than the tests.
        .library(name: "VolumeKit", targets: ["VolumeKit"]),
        // For tests: preloaded into a `weir` that simulates a power loss.
        .library(name: "PowerLoss", type: .dynamic, targets: ["PowerLoss"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.3.0"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.1.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.0"),
    ],
    targets: [
        .target(
            name: "WorkflowModel",
            dependencies: [.product(name: "Yams", package: "Yams")],
            swiftSettings: rules),
        .target(
            name: "WorkflowEngine",
            dependencies: ["WorkflowModel", logging],
            swiftSettings: rules),
        .target(name: "CTaskProcess", swiftSettings: rules),
        .target(
            name: "TaskRunners",
            dependencies: [
                "WorkflowModel", "CTaskProcess", "CZlib", httpClient, logging, nioCore, nioPosix, nioHTTP1, nioSSL,
            ],
            swiftSettings: rules),
        .target(
            name: "AlertDelivery",
            dependencies: ["WorkflowModel", "WorkflowAPI", crypto, httpClient, logging, nioCore, nioHTTP1, nioPosix, nioSSL],
            swiftSettings: rules),
        .systemLibrary(name: "CSQLite"),
        .systemLibrary(name: "CZlib"),
        .target(name: "StoreCore", dependencies: ["WorkflowModel", crypto], swiftSettings: rules),
        .target(
            name: "SQLiteStore",
            dependencies: [
                "StoreCore", "WorkflowModel", "CSQLite", collections,
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: rules),
        .systemLibrary(name: "CLibPQ"),
        .target(
            name: "PostgresStore",
            dependencies: ["StoreCore", "WorkflowModel", "CLibPQ", logging],
            swiftSettings: rules),
        .target(
            name: "WorkflowAPI",
            dependencies: ["WorkflowModel", crypto, nioCore, httpTypes],
            resources: [.embedInCode("OpenAPI/Documents")],
            swiftSettings: rules),
        .target(
            name: "WorkflowPages",
            dependencies: ["WorkflowModel", .product(name: "Mustache", package: "swift-mustache")],
            // Embedded, because a resource bundle would have to accompany the program.
            resources: [.embedInCode("Assets"), .embedInCode("Templates")],
            swiftSettings: rules),
        .target(
            name: "WorkflowServer",
            dependencies: [
                "WorkflowModel", "WorkflowAPI", "WorkflowOperations", "WorkflowPages", "CZlib", collections, crypto, logging,
                nioCore,
                nioHTTP1, httpTypes,
                serviceLifecycle,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "JWTKit", package: "jwt-kit"),
            ],
            swiftSettings: rules),
        .target(
            name: "WorkflowClient",
            dependencies: ["WorkflowModel", "WorkflowAPI", httpClient, httpTypes, nioCore, nioHTTP1, nioPosix],
            swiftSettings: rules),
        .target(
            name: "WorkflowOperations",
            dependencies: [
                "WorkflowModel", "WorkflowAPI", "WorkflowClient", crypto, httpTypes, logging, nioCore, serviceLifecycle,
                .product(name: "Hummingbird", package: "hummingbird"),
            ],
            swiftSettings: rules),
        .executableTarget(
            name: "weir",
            dependencies: [
                "WorkflowModel", "WorkflowEngine", "TaskRunners", "AlertDelivery", "SQLiteStore", "PostgresStore", "WorkflowAPI",
                "WorkflowOperations", "WorkflowServer",
                "WorkflowClient", argumentParser, crypto, logging, nioCore, nioHTTP1, nioPosix, serviceLifecycle, httpClient,
                httpTypes,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Hummingbird", package: "hummingbird"),
            ],
            swiftSettings: rules),
        .target(
            name: "WorkflowTestKit",
            dependencies: ["WorkflowModel", logging],
            path: "Tests/Support/WorkflowTestKit",
            swiftSettings: rules),
        .target(
            name: "ProgramTestKit",
            dependencies: ["WorkflowModel", "WorkflowClient"],
            path: "Tests/Support/ProgramTestKit",
            swiftSettings: rules),
        .target(
            name: "HTTPTestKit",
            dependencies: [
                crypto, httpTypes, logging, nioCore, nioPosix, nioSSL,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            path: "Tests/Support/HTTPTestKit",
            swiftSettings: rules),
        .target(
            name: "SQLiteTestKit",
            dependencies: ["SQLiteStore", "WorkflowModel"],
            path: "Tests/Support/SQLiteTestKit",
            swiftSettings: rules),
        // In C: the settings have no effect, but every target has them.
        .target(name: "PowerLoss", path: "Tests/Support/PowerLoss", swiftSettings: rules),
        .target(name: "PostgresClusterKit", path: "Tests/Support/PostgresClusterKit", swiftSettings: rules),
        .target(
            name: "VolumeKit", dependencies: ["WorkflowModel"], path: "Tests/Support/VolumeKit", swiftSettings: rules),
        .target(
            name: "PostgresTestKit",
            dependencies: ["PostgresClusterKit", "PostgresStore", "WorkflowModel", "WorkflowTestKit", logging],
            path: "Tests/Support/PostgresTestKit",
            swiftSettings: rules),
        .testTarget(
            name: "WorkflowModelTests",
            dependencies: ["WorkflowModel", "WorkflowTestKit"],
            exclude: ["Fixtures"],
            swiftSettings: rules),
        .testTarget(
            name: "WorkflowEngineTests",
            dependencies: [
                "WorkflowEngine", "WorkflowModel", "WorkflowOperations", "SQLiteTestKit", "WorkflowTestKit", logging,
            ],
            swiftSettings: rules),
        .testTarget(
            name: "TaskRunnersTests",
            dependencies: [
                "TaskRunners", "WorkflowModel", "WorkflowTestKit", "ProgramTestKit", "HTTPTestKit", httpClient, logging,
                nioCore, nioPosix,
                nioSSL, httpTypes,
                .product(name: "Hummingbird", package: "hummingbird"),
            ],
            swiftSettings: rules),
        .testTarget(
            name: "AlertDeliveryTests",
            dependencies: [
                "AlertDelivery", "WorkflowModel", "WorkflowAPI", "SQLiteTestKit", "WorkflowTestKit", "HTTPTestKit", logging,
                nioCore, nioPosix, nioSSL, httpTypes,
                .product(name: "Hummingbird", package: "hummingbird"),
            ],
            swiftSettings: rules),
        .testTarget(
            name: "SQLiteStoreTests",
            dependencies: [
                "SQLiteStore", "SQLiteTestKit", "StoreCore", "VolumeKit", "WorkflowModel", "WorkflowTestKit",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: rules),
        .testTarget(
            name: "PostgresStoreTests",
            dependencies: [
                "PostgresStore", "PostgresClusterKit", "PostgresTestKit", "StoreCore", "VolumeKit", "WorkflowModel",
                "WorkflowTestKit", logging,
            ],
            swiftSettings: rules),
        .testTarget(
            name: "WorkflowAPITests",
            dependencies: ["WorkflowAPI", "WorkflowModel", "WorkflowTestKit", nioCore, httpTypes],
            swiftSettings: rules),
        .testTarget(
            name: "WorkflowPagesTests",
            dependencies: ["WorkflowPages", "WorkflowModel", "WorkflowTestKit"],
            exclude: ["Snapshots"],
            swiftSettings: rules),
        .testTarget(
            name: "WorkflowServerTests",
            dependencies: [
                "WorkflowServer", "WorkflowAPI", "WorkflowModel", "WorkflowOperations", "WorkflowPages", "TaskRunners",
                "SQLiteTestKit", "PostgresStore", "PostgresTestKit",
                "WorkflowTestKit", httpClient, httpTypes, logging, nioCore, nioEmbedded, nioHTTP1, nioPosix,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "JWTKit", package: "jwt-kit"),
            ],
            swiftSettings: rules),
        .testTarget(
            name: "WorkflowOperationsTests",
            dependencies: [
                "WorkflowOperations", "WorkflowAPI", "WorkflowClient", "WorkflowModel", "SQLiteStore", "WorkflowTestKit",
                "ProgramTestKit",
            ],
            swiftSettings: rules),
        .testTarget(
            name: "WeirTests",
            dependencies: [
                "weir", "WorkflowClient", "WorkflowAPI", "WorkflowModel", "WorkflowOperations", "WorkflowServer", "TaskRunners",
                "SQLiteStore",
                "PostgresStore", "WorkflowTestKit",
                "ProgramTestKit", "PostgresTestKit", "HTTPTestKit", argumentParser, crypto, httpClient, httpTypes, logging, nioCore,
                nioPosix,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            exclude: ["Snapshots"],
            swiftSettings: rules),
        .testTarget(
            name: "ClusterTests",
            dependencies: [
                "weir", "WorkflowClient", "WorkflowAPI", "WorkflowModel", "WorkflowTestKit", "ProgramTestKit",
                "PostgresClusterKit", "PostgresTestKit", httpClient, httpTypes, nioCore, nioPosix,
            ],
            swiftSettings: rules),
        .testTarget(
            name: "ReferenceTests",
            dependencies: ["weir", "WorkflowAPI", "WorkflowModel", argumentParser, httpTypes],
            swiftSettings: rules),
        .testTarget(name: "HouseRulesTests", swiftSettings: rules),
    ]
)
