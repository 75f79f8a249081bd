// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .treatAllWarnings(as: .error),
]

/// The targets that touch no pointer: the compiler proves it.
let pure = settings + [.strictMemorySafety()]

/// What keeps the release small: relative relocations in their packed form, which glibc reads since 2.36, one copy of
/// functions that are the same, and no table of names for libraries that would look into the program.
let compact: [LinkerSetting] = [
    .unsafeFlags(
        ["-use-ld=lld"]
            + ["-z", "pack-relative-relocs", "--icf=all", "--no-export-dynamic"].flatMap { ["-Xlinker", $0] },
        .when(platforms: [.linux], configuration: .release)
    )
]

/// For rooms whose size weighs more than their speed.
let small: [SwiftSetting] = [.unsafeFlags(["-Osize"], .when(configuration: .release))]

/// A target of the house and what it may look down upon.
func room(_ name: String, on dependencies: [Target.Dependency] = [], _ settings: [SwiftSetting] = settings) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// A C library of the system, known to exactly one room.
func library(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// The tests of a room.
func tests(of name: String, with dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.target(name: name), "TestSupport"] + dependencies,
        resources: name == "Providers" ? [.copy("Fixtures")] : [],
        swiftSettings: settings
    )
}

let package = Package(
    name: "outreach-exporter",
    products: [.executable(name: "outreach-exporter", targets: ["OutreachExporter"])],
    targets: [
        .executableTarget(
            name: "OutreachExporter",
            dependencies: [
                "Providers", "Simulator", "Backfill", "Collection", "Outreach", "Exposition", "HTTPClient",
                "HTTPServer", "WebConfig", "Configuration", "CLinux",
            ],
            swiftSettings: settings + small,
            linkerSettings: compact
        ),
        room("Providers", on: ["Backfill", "Collection", "Outreach", "Exposition", "HTTPClient"], pure),
        room("Simulator", on: ["HTTPServer"], pure + small),
        room("Backfill", on: ["Collection", "Outreach", "Exposition"], pure + small),
        room("Collection", on: ["Outreach", "Exposition"], pure),
        room("Outreach", on: ["Exposition"], pure),
        room("Exposition", on: ["Compression"], pure),
        room("Compression", on: ["CZlib"]),
        room("HTTPClient", on: ["CCurl"]),
        room("HTTPServer", on: ["CMicroHTTPD", "CGnuTLS"]),
        room("WebConfig", on: ["HTTPServer", "Configuration", "CCrypt"]),
        room("Configuration", on: ["CYAML"], settings + small),
        library("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        library("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        library("CMicroHTTPD", pkgConfig: "libmicrohttpd", apt: "libmicrohttpd-dev"),
        library("CGnuTLS", pkgConfig: "gnutls", apt: "libgnutls28-dev"),
        library("CCrypt", pkgConfig: "libcrypt", apt: "libcrypt-dev"),
        .systemLibrary(name: "CLinux"),
        library("CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),

        .target(
            name: "TestSupport",
            dependencies: ["Collection", "HTTPClient", "CZlib"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["OutreachExporter", "HTTPClient", "HTTPServer", "Compression", "TestSupport"],
            exclude: ["Fixtures"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "Providers", "Simulator", "Collection", "Outreach", "Exposition", "HTTPClient", "HTTPServer",
                "TestSupport",
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "Benchmarks",
            dependencies: ["Outreach", "Exposition", "Compression"],
            path: "Tests/Benchmarks",
            swiftSettings: settings
        ),
        tests(of: "OutreachExporter", with: ["Simulator", "Backfill", "HTTPClient", "HTTPServer"]),
        tests(of: "Providers", with: ["Simulator", "Backfill", "HTTPServer", "HTTPClient"]),
        tests(of: "Simulator", with: ["HTTPClient"]),
        tests(of: "Backfill", with: ["Collection", "Outreach", "Exposition"]),
        tests(of: "Collection"),
        tests(of: "Outreach", with: ["Exposition"]),
        tests(of: "Exposition", with: ["Compression"]),
        tests(of: "Compression"),
        tests(of: "HTTPClient"),
        tests(of: "HTTPServer"),
        tests(of: "WebConfig", with: ["HTTPServer", "Configuration"]),
        tests(of: "Configuration"),
    ],
    swiftLanguageModes: [.v6]
)

// The long tests in virtual time are built for speed: in that mode the compiler gives up on other targets ("circular
// reference") as soon as their tests may see what is internal.
if Context.environment["OUTREACH_SOAK"] != nil {
    package.products = []
    package.targets.removeAll { target in
        target.name == "OutreachExporter" || target.type == .test && target.name != "IntegrationTests"
    }
}

// libFuzzer's targets cost a normal build nothing: `.ci/fuzz` asks for them.
if Context.environment["OUTREACH_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "Providers", "Collection", "Outreach", "Exposition", "HTTPClient", "Configuration", "WebConfig",
            ],
            path: "Tests/Fuzz",
            swiftSettings: settings
        )
    )
}
