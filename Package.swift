// swift-tools-version: 6.3
import PackageDescription

#if canImport(Glibc)
  import Glibc
#endif

let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
  ] + (isFuzzing ? [.unsafeFlags(["-sanitize=fuzzer"])] : [])
  // What is fuzzed and what is measured is more than what other modules see.
  + (isFuzzing || isMeasuring ? [.unsafeFlags(["-enable-testing"])] : [])

/// Whether this is scripts/fuzz's own build: our modules count their branches, and the fuzz targets are there.
var isFuzzing: Bool { Context.environment["REPRISE_FUZZ"] != nil }

/// Whether this is Benchmarks/swift-benchmarks's own build: the benchmarks are there, and the package that runs them.
var isMeasuring: Bool { Context.environment["REPRISE_BENCHMARKS"] != nil }

/// Whether this is scripts/test's build with a sanitizer, whose allocator fails where Swift's runtime is linked
/// statically.
var isSanitized: Bool { Context.environment["REPRISE_SANITIZE"] != nil }

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(of name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name + "Tests", dependencies: dependencies, swiftSettings: settings)
}

func library(_ name: String, pkgConfig: String? = nil, apt: String, brew: String) -> Target {
  .systemLibrary(
    name: name, path: "Sources/Shims/" + name, pkgConfig: pkgConfig, providers: [.apt([apt]), .brew([brew])])
}

func lazyLibrary(_ name: String) -> Target {
  .target(
    name: name, dependencies: ["LazyLibrary"], path: "Sources/Shims/" + name, publicHeadersPath: ".")
}

/// What makes a command start in 4 ms and 13 MB instead of 22 ms and 36 MB; see docs/decisions/0006-start-up.md.
let quickStart: [LinkerSetting] = [
  .unsafeFlags(
    [
      "-static-stdlib", "-use-ld=lld", "-Xlinker", "--no-export-dynamic", "-Xlinker", "--as-needed",
      // What Foundation's own modules ask for when they are compiled against, but FlyingFox was not.
      "-lCoreFoundation", "-l_CFURLSessionInterface", "-l_FoundationICU", "-l_FoundationCShims",
      "-l_FoundationCollections",
    ] + packedRelocations, .when(platforms: [.linux]))
]

/// 2 MB less to read at every start, where the system's loader knows how: glibc from 2.36 on.
var packedRelocations: [String] {
  #if canImport(Glibc)
    var text = [CChar](repeating: 0, count: 64)
    confstr(Int32(_CS_GNU_LIBC_VERSION), &text, text.count)
    // "glibc 2.36"
    let version = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self).split {
      $0 == " " || $0 == "."
    }.compactMap { Int($0) }
    if version.count >= 2, (version[0], version[1]) >= (2, 36) {
      return ["-Xlinker", "-z", "-Xlinker", "pack-relative-relocs"]
    }
  #endif
  return []
}

func fuzzTarget(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: "fuzz-" + name, dependencies: dependencies + ["FuzzSupport"], path: "Fuzz/" + name, swiftSettings: settings)
}

/// One executable a parser; scripts/fuzz builds and runs them.
let fuzzTargets: [Target] = [
  .target(name: "CLibFuzzer", path: "Fuzz/CLibFuzzer"),
  .target(
    name: "FuzzSupport", dependencies: ["CLibFuzzer", "RepriseAudio"], path: "Fuzz/FuzzSupport", swiftSettings: settings
  ),
  fuzzTarget("mp3", []),
  fuzzTarget("cut", ["RepriseAudio"]),
  fuzzTarget("salvage", ["RepriseAudio"]),
  fuzzTarget("wav", []),
  fuzzTarget("flac", []),
  fuzzTarget("tags", []),
  fuzzTarget("carried", ["RepriseAudio"]),
  fuzzTarget("foreign", ["RepriseAudio"]),
  fuzzTarget("icy", []),
  fuzzTarget("riff", []),
  fuzzTarget("mp4", []),
  fuzzTarget("mkv", []),
  fuzzTarget("ogg", []),
  fuzzTarget("submission", ["RepriseLocalService"]),
  fuzzTarget("answer", ["RepriseService"]),
]

/// The programs of Examples, which is also a package of its own.
let examples = ["prepare-song", "make-and-resume-cover", "scan-directory"]

/// They see what any package that depends on this one sees.
let exampleTargets: [Target] = examples.map {
  .executableTarget(
    name: "example-" + $0, dependencies: ["Reprise"], path: "Examples/Sources/" + $0, packageAccess: false,
    swiftSettings: settings)
}

/// The benchmarks of hot paths; below Benchmarks/, as their plugin wants it.
let benchmarkTargets: [Target] = [
  .executableTarget(
    name: "reprise-benchmarks",
    dependencies: [
      "RepriseSystem", "RepriseAudio", "RepriseService", "RepriseAnalysis",
      .product(name: "Benchmark", package: "benchmark"),
    ],
    path: "Benchmarks/Swift", swiftSettings: settings,
    plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
]

/// Without its traits it replaces neither malloc nor the runtime's functions.
let benchmarkPackage: [Package.Dependency] = [
  .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: [])
]

let package = Package(
  name: "reprise",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "reprise", targets: ["reprise-cli"]),
    .library(name: "Reprise", targets: ["Reprise"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ] + (isMeasuring ? benchmarkPackage : []),
  targets: [
    // One C library each, imported by exactly one module (scripts/check-imports holds us to it).
    .systemLibrary(name: "CMalloc", path: "Sources/Shims/CMalloc"),
    .systemLibrary(name: "CSpawn", path: "Sources/Shims/CSpawn"),
    library("CMpg123", pkgConfig: "libmpg123", apt: "libmpg123-dev", brew: "mpg123"),
    library("CFLAC", pkgConfig: "flac", apt: "libflac-dev", brew: "flac"),
    // pkg-config's flags for it hold defines that SwiftPM refuses; its module map links it instead.
    library("CKissFFT", apt: "libkissfft-dev", brew: "kissfft"),
    library("CEBUR128", pkgConfig: "libebur128", apt: "libebur128-dev", brew: "libebur128"),
    // These are loaded when first called, not at every start; see docs/decisions/0006-start-up.md.
    lazyLibrary("CCrypto"),
    lazyLibrary("CCurl"),
    lazyLibrary("CFluidSynth"),
    lazyLibrary("CSndfile"),
    lazyLibrary("CSoxr"),
    lazyLibrary("CZlib"),
    .target(name: "LazyLibrary", path: "Sources/Shims/LazyLibrary"),

    // Arrows run one way; see docs/decisions/0001-modules.md.
    module(
      "RepriseSystem",
      ["CMalloc", "CSpawn", "CCrypto", "CZlib", .product(name: "SystemPackage", package: "swift-system")]),
    module("RepriseSignal", ["CKissFFT", "CEBUR128", "CSoxr"]),
    module("RepriseAudio", ["RepriseSystem", "RepriseSignal", "CMpg123", "CSndfile", "CFLAC"]),
    module("ReprisePreparation", ["RepriseSystem", "RepriseSignal", "RepriseAudio"]),
    module("RepriseService", ["RepriseSystem", "CCurl", .product(name: "TOMLKit", package: "TOMLKit")]),
    module("RepriseVerification", ["RepriseSystem", "RepriseSignal", "RepriseAudio", "RepriseAnalysis"]),
    module("RepriseAnalysis", ["RepriseSystem", "RepriseSignal", "RepriseAudio"]),
    module("RepriseEngine", ["RepriseSystem", "RepriseSignal", "RepriseAudio", "RepriseAnalysis", "CFluidSynth"]),
    module(
      "RepriseLocalService",
      [
        "RepriseSystem", "RepriseSignal", "RepriseAudio", "RepriseAnalysis", "RepriseEngine", "RepriseService",
        .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "FlyingSocks", package: "FlyingFox"),
      ]),
    module(
      "RepriseJobs",
      [
        "RepriseSystem", "RepriseAudio", "ReprisePreparation", "RepriseService", "RepriseVerification",
        "RepriseEngine", "RepriseLocalService", .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .target(
      name: "RepriseLibrary",
      dependencies: [
        "RepriseSystem", "RepriseAudio", "ReprisePreparation", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      // The report's page: in the executable, which stays one file.
      resources: ["css", "js", "mustache"].map { .embedInCode("Report/Page/report." + $0) },
      swiftSettings: settings),
    // What a program of one's own imports: the modules below under one name, and their documentation.
    module(
      "Reprise",
      [
        "RepriseSystem", "RepriseAudio", "ReprisePreparation", "RepriseService", "RepriseVerification", "RepriseJobs",
        "RepriseAnalysis", "RepriseEngine", "RepriseLocalService", "RepriseLibrary",
      ]),
    // The command line: options, presentation, exit codes. A library, so that tests import it.
    module(
      "RepriseCommand",
      [
        "RepriseSystem", "RepriseAudio", "ReprisePreparation", "RepriseService", "RepriseVerification",
        "RepriseJobs", "RepriseAnalysis", "RepriseEngine",
        "RepriseLocalService", "RepriseLibrary",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "reprise-cli", dependencies: ["RepriseCommand"], swiftSettings: settings,
      linkerSettings: isSanitized ? [] : quickStart),

    // Scratch directories and fixtures, for every test target.
    .target(name: "TestSupport", path: "Tests/Support", swiftSettings: settings),
    // Servers on loopback that do what their scripts say, however bad.
    .target(
      name: "HostileServer", dependencies: ["RepriseSystem"], path: "Tests/HostileServer", swiftSettings: settings),
    // The command in a directory of its own, in the tests' process or as the built program, and what is done to it.
    .target(
      name: "CommandSupport",
      dependencies: [
        "RepriseCommand", "RepriseService", "RepriseLocalService", "RepriseSystem", "HostileServer", "TestSupport",
      ],
      path: "Tests/CommandSupport", swiftSettings: settings),
    tests(of: "RepriseSystem", ["RepriseSystem", "TestSupport"]),
    tests(
      of: "RepriseCommand",
      [
        "RepriseCommand", "RepriseAudio", "ReprisePreparation", "RepriseVerification", "RepriseAnalysis",
        "RepriseEngine",
        "RepriseJobs", "RepriseLibrary", "RepriseService", "RepriseLocalService", "RepriseSystem",
        "CommandSupport", "HostileServer", "TestSupport",
        .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "FlyingSocks", package: "FlyingFox"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    tests(of: "RepriseSignal", ["RepriseSignal", "TestSupport"]),
    tests(of: "RepriseAudio", ["RepriseAudio", "RepriseSystem", "TestSupport"]),
    tests(
      of: "ReprisePreparation", ["ReprisePreparation", "RepriseAudio", "RepriseSignal", "RepriseSystem", "TestSupport"]),
    tests(
      of: "RepriseService",
      [
        "RepriseService", "RepriseSystem", "HostileServer", "TestSupport",
        .product(name: "FlyingFox", package: "FlyingFox"),
      ]),
    tests(
      of: "RepriseVerification",
      ["RepriseVerification", "RepriseAnalysis", "RepriseAudio", "RepriseSystem", "TestSupport"]),
    tests(
      of: "RepriseJobs",
      [
        "RepriseJobs", "RepriseService", "RepriseLocalService", "RepriseAudio", "ReprisePreparation",
        "RepriseVerification", "RepriseSystem", "RepriseEngine",
        "HostileServer", "TestSupport", .product(name: "FlyingFox", package: "FlyingFox"),
        .product(name: "FlyingSocks", package: "FlyingFox"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    tests(
      of: "RepriseLibrary",
      [
        "RepriseLibrary", "RepriseAudio", "RepriseSystem", "TestSupport",
        .product(name: "GRDB", package: "GRDB.swift"), .product(name: "SystemPackage", package: "swift-system"),
      ]),
    // A song whose truth is known, for what hears it and what plays it.
    .target(
      name: "SyntheticMusic", dependencies: ["RepriseAnalysis", "RepriseAudio"], path: "Tests/SyntheticMusic",
      swiftSettings: settings),
    tests(
      of: "RepriseAnalysis", ["RepriseAnalysis", "RepriseAudio", "RepriseSystem", "SyntheticMusic", "TestSupport"]),
    tests(
      of: "RepriseEngine",
      [
        "RepriseEngine", "RepriseAnalysis", "RepriseAudio", "RepriseSignal", "RepriseSystem", "SyntheticMusic",
        "TestSupport",
      ]),
    tests(
      of: "RepriseLocalService",
      [
        "RepriseLocalService", "RepriseService", "RepriseAnalysis", "RepriseEngine", "RepriseAudio", "RepriseSystem",
        "TestSupport",
        .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "FlyingSocks", package: "FlyingFox"),
      ]),
    tests(
      of: "EndToEnd",
      // Not "reprise-cli": it is run, not linked, and what links it for a quick start would link the tests so too.
      [
        "CommandSupport", "HostileServer", "TestSupport", "RepriseService", "RepriseLocalService", "RepriseLibrary",
        "RepriseAudio",
        .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "FlyingSocks", package: "FlyingFox"), .product(name: "GRDB", package: "GRDB.swift"),
      ]),
  ] + exampleTargets + (isFuzzing ? fuzzTargets : []) + (isMeasuring ? benchmarkTargets : [])
)
