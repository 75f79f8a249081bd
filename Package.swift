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

/// Settings of targets without unsafe code, which the compiler verifies.
let pure = settings + [.strictMemorySafety()]

/// Makes the release smaller: packed relative relocations, which need glibc 2.36, one copy of identical functions, no
/// table of exported symbols, and no index for unwinding the stack, which only C++ exceptions need.
let compact: [LinkerSetting] = [
    .unsafeFlags(
        ["-use-ld=lld"]
            + ["-z", "pack-relative-relocs", "--icf=all", "--no-export-dynamic", "--no-eh-frame-hdr"].flatMap {
                ["-Xlinker", $0]
            },
        .when(platforms: [.linux], configuration: .release)
    )
]

/// Settings of targets whose size matters more than their speed.
let small: [SwiftSetting] = [.unsafeFlags(["-Osize"], .when(configuration: .release))]

/// A library target and the targets that it depends on.
func target(_ name: String, on dependencies: [Target.Dependency] = [], _ settings: [SwiftSetting] = settings) -> Target
{
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// A C library of the system, imported by exactly one target.
func library(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// The tests of a target.
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
                "HTTPServer", "WebConfig", "Configuration", "RegularExpressions", "CLinux",
            ],
            swiftSettings: settings + small,
            linkerSettings: compact
        ),
        target("Providers", on: ["Backfill", "Collection", "Outreach", "Exposition", "HTTPClient"], pure + small),
        target("Simulator", on: ["HTTPServer"], pure + small),
        target("Backfill", on: ["Collection", "Outreach", "Exposition"], pure + small),
        target("Collection", on: ["Outreach", "Exposition", "RegularExpressions"], pure + small),
        target("Outreach", on: ["Exposition"], pure),
        target("Exposition", on: ["Compression"], pure),
        target("Compression", on: ["CZlib"]),
        target("HTTPClient", on: ["CCurl"], settings + small),
        target("HTTPServer", on: ["CMicroHTTPD", "CGnuTLS"]),
        target("WebConfig", on: ["HTTPServer", "Configuration", "CCrypt"], settings + small),
        target("Configuration", on: ["CYAML"], settings + small),
        target("RegularExpressions", on: ["CPCRE2"], settings + small),
        library("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        library("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        library("CMicroHTTPD", pkgConfig: "libmicrohttpd", apt: "libmicrohttpd-dev"),
        library("CGnuTLS", pkgConfig: "gnutls", apt: "libgnutls28-dev"),
        library("CCrypt", pkgConfig: "libcrypt", apt: "libcrypt-dev"),
        .systemLibrary(name: "CLinux"),
        library("CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
        library("CPCRE2", pkgConfig: "libpcre2-8", apt: "libpcre2-dev"),

        .target(
            name: "TestSupport",
            dependencies: ["Exposition", "Outreach", "Collection", "HTTPClient", "CZlib"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "OutreachExporter", "Collection", "HTTPClient", "HTTPServer", "Compression", "TestSupport",
            ],
            exclude: ["Fixtures"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "Providers", "Simulator", "Backfill", "Collection", "Outreach", "Exposition", "HTTPClient",
                "HTTPServer", "TestSupport",
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "Benchmarks",
            dependencies: ["Outreach", "Exposition", "Compression", "TestSupport"],
            path: "Tests/Benchmarks/Rendering",
            swiftSettings: settings
        ),
        tests(
            of: "OutreachExporter",
            with: ["Simulator", "Backfill", "HTTPClient", "HTTPServer", "RegularExpressions"]
        ),
        tests(of: "Providers", with: ["Simulator", "Backfill", "HTTPServer", "HTTPClient"]),
        tests(of: "Simulator", with: ["HTTPClient"]),
        tests(of: "Backfill", with: ["Collection", "Outreach", "Exposition"]),
        tests(of: "Collection", with: ["RegularExpressions"]),
        tests(of: "Outreach", with: ["Exposition"]),
        tests(of: "Exposition", with: ["Compression"]),
        tests(of: "Compression"),
        tests(of: "HTTPClient"),
        tests(of: "HTTPServer"),
        tests(of: "WebConfig", with: ["HTTPServer", "Configuration"]),
        tests(of: "Configuration"),
        tests(of: "RegularExpressions"),
    ],
    swiftLanguageModes: [.v6]
)

// The soak tests run in an optimized build, in which Swift 6.3 cannot compile some other targets with their `@testable`
// imports ("circular reference").
if Context.environment["OUTREACH_SOAK"] != nil {
    package.products = []
    package.targets.removeAll { target in
        target.name == "OutreachExporter" || target.type == .test && target.name != "IntegrationTests"
    }
}

// The fuzzer is built only by `.ci/fuzz`, which sets this variable.
if Context.environment["OUTREACH_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "Providers", "Collection", "Outreach", "Exposition", "HTTPClient", "Configuration", "WebConfig",
                "RegularExpressions",
            ],
            path: "Tests/Fuzz",
            swiftSettings: settings
        )
    )
}
