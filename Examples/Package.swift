// swift-tools-version: 6.3
import PackageDescription

// Programs that see what any package that depends on Reprise sees.
let package = Package(
  name: "Examples",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Reprise", path: "..")],
  targets: ["prepare-song", "make-and-resume-cover", "scan-directory"].map {
    .executableTarget(
      name: $0, dependencies: [.product(name: "Reprise", package: "Reprise")],
      swiftSettings: [.treatAllWarnings(as: .error)])
  })
