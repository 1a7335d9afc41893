// swift-tools-version: 6.3
import PackageDescription

// The README's library example as a program of its own: it sees what any package that depends on Reprise sees.
let package = Package(
  name: "Examples",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Reprise", path: "..")],
  targets: [
    .executableTarget(name: "prepare-song", dependencies: [.product(name: "Reprise", package: "Reprise")])
  ])
