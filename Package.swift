// swift-tools-version: 6.3
import PackageDescription

let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .enableUpcomingFeature("ImmutableWeakCaptures"),
]

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: house)
}

func tests(of name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name + "Tests", dependencies: dependencies, swiftSettings: house)
}

func library(_ name: String, pkgConfig: String? = nil, apt: String, brew: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt]), .brew([brew])])
}

let package = Package(
  name: "reprise",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "reprise", targets: ["reprise"]),
    .library(
      name: "Reprise",
      targets: [
        "AudioFiles", "Preparation", "CoverService", "Verification", "Jobs", "CoverEngine", "LocalService",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    // One C library each, imported by exactly one module (scripts/check-imports holds us to it).
    library("CMpg123", pkgConfig: "libmpg123", apt: "libmpg123-dev", brew: "mpg123"),
    library("CSndfile", pkgConfig: "sndfile", apt: "libsndfile1-dev", brew: "libsndfile"),
    library("CFLAC", pkgConfig: "flac", apt: "libflac-dev", brew: "flac"),
    library("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev", brew: "curl"),
    // pkg-config's flags for these two hold defines that SwiftPM refuses; their module maps link them instead.
    library("CFluidSynth", apt: "libfluidsynth-dev", brew: "fluid-synth"),
    library("CKissFFT", apt: "libkissfft-dev", brew: "kissfft"),
    library("CEBUR128", pkgConfig: "libebur128", apt: "libebur128-dev", brew: "libebur128"),
    library("CSoxr", pkgConfig: "soxr", apt: "libsoxr-dev", brew: "libsoxr"),

    // Arrows run one way; see docs/decisions/0001-modules.md.
    module("Platform", []),
    module("Signal", ["CKissFFT", "CEBUR128", "CSoxr"]),
    module("AudioFiles", ["Platform", "Signal", "CMpg123", "CSndfile", "CFLAC"]),
    module("Preparation", ["Platform", "Signal", "AudioFiles"]),
    module("CoverService", ["Platform", "CCurl"]),
    module("Verification", ["Platform", "Signal", "AudioFiles"]),
    module("CoverEngine", ["Platform", "Signal", "AudioFiles", "CFluidSynth"]),
    module(
      "LocalService",
      [
        "Platform", "Signal", "AudioFiles", "CoverEngine", "CoverService",
        .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "FlyingSocks", package: "FlyingFox"),
      ]),
    module(
      "Jobs",
      [
        "Platform", "AudioFiles", "Preparation", "CoverService", "Verification",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .executableTarget(
      name: "reprise",
      dependencies: [
        "Platform", "AudioFiles", "Preparation", "CoverService", "Verification", "Jobs", "CoverEngine", "LocalService",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: house),

    // Scratch folders and fixtures, for every test target.
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: house),
    tests(of: "Platform", ["Platform"]),
    tests(of: "Signal", ["Signal"]),
    tests(of: "AudioFiles", ["AudioFiles", "Platform", "TestSupport"]),
    tests(of: "Preparation", ["Preparation", "AudioFiles", "Signal", "Platform", "TestSupport"]),
    tests(of: "CoverService", ["CoverService", "Platform", .product(name: "FlyingFox", package: "FlyingFox")]),
    tests(of: "Verification", ["Verification", "AudioFiles", "Platform"]),
    tests(
      of: "Jobs",
      [
        "Jobs", "CoverService", "LocalService", "AudioFiles", "Preparation", "Verification", "Platform",
        .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "FlyingSocks", package: "FlyingFox"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    tests(of: "CoverEngine", ["CoverEngine", "AudioFiles", "Signal", "Platform"]),
    tests(
      of: "LocalService",
      [
        "LocalService", "CoverService", "CoverEngine", "AudioFiles", "Platform",
        .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "FlyingSocks", package: "FlyingFox"),
      ]),
    tests(
      of: "EndToEnd",
      [
        "reprise", .product(name: "FlyingFox", package: "FlyingFox"),
        .product(name: "FlyingSocks", package: "FlyingFox"),
      ]),
  ]
)
